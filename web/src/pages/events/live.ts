// Events as they happen. The browser goes on after the last one it got, so that none is lost while it is away.

import { useEffect, useRef, useState } from "preact/hooks";
import { address, query } from "../../api/client";
import type { EventAnswer, Filter } from "../../api/events";

export type Connection = "off" | "connecting" | "live";

const MOST = 500;
const AGAIN_MS = 3000;

/** Newest first, of the cameras and kinds of `filter`; nothing where `isOn` is false. */
export function useLiveEvents(
  filter: Filter,
  isOn: boolean,
): { events: readonly EventAnswer[]; connection: Connection } {
  const [events, setEvents] = useState<readonly EventAnswer[]>([]);
  const [connection, setConnection] = useState<Connection>("off");
  const [attempt, setAttempt] = useState(0);
  const known = useRef(new Set<string>());
  const where = `events/stream${query({ camera: filter.camera, type: filter.type })}`;
  useEffect(() => {
    known.current = new Set();
    setEvents([]);
  }, [where]);
  useEffect(() => {
    if (!isOn) {
      setConnection("off");
      return;
    }
    setConnection("connecting");
    const source = new EventSource(address(where));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const take = ({ data }: MessageEvent<string>): void => {
      const event = JSON.parse(data) as EventAnswer;
      if (known.current.has(event.id)) return;
      known.current.add(event.id);
      setEvents((before) => [event, ...before].slice(0, MOST));
    };
    source.onopen = () => setConnection("live");
    source.onmessage = take;
    source.onerror = () => {
      setConnection("connecting");
      if (source.readyState === EventSource.CLOSED)
        timer = setTimeout(() => setAttempt((count) => count + 1), AGAIN_MS);
    };
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [where, isOn, attempt]);
  return { events, connection };
}
