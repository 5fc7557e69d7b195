import { useEffect, useRef, useState } from "preact/hooks";
import type { Camera, View } from "../../api/cameras";
import { Badge } from "../../ui";
import { reasonOf, STATE } from "../cameras/words";
import type { Link } from "./connection";
import type { Head } from "./frame";
import { useLive } from "./use-live";
import "./view.css";

const SAY_EVERY_MS = 10_000;
const LEARNT = 0.98;

interface ViewProps {
  camera: Camera;
  view: View;
  onHead?: (head: Head | null) => void;
}

/** The moving picture of one camera with boxes, foot points, regions and counts. */
export function LiveView({ camera, view, onHead }: ViewProps) {
  const { canvas, link, head } = useLive(camera.name, view);
  const told = useRef(onHead);
  told.current = onHead;
  useEffect(() => told.current?.(head), [head]);
  const [width, height] = head?.size ?? [camera.size?.width ?? 16, camera.size?.height ?? 9];
  const words = wordsOf(link, head, camera);
  return (
    <div class={`live-view ${view}`}>
      <svg class="live-room" viewBox={`0 0 ${width} ${height}`} aria-hidden="true" />
      <canvas ref={canvas} role="img" aria-label={`${camera.name}, live`} />
      {words && <p class={head ? "live-words over" : "live-words"}>{words}</p>}
      <div class="live-badges">
        {view === "real" && <Badge tone="alarm">Real picture</Badge>}
        {view === "privacy" && head && (head.learnt ?? 1) < LEARNT && (
          <Badge>learning the place: {Math.round(100 * (head.learnt ?? 0))} %</Badge>
        )}
      </div>
      <Said camera={camera.name} people={head?.people.length ?? null} />
    </div>
  );
}

function wordsOf(link: Link, head: Head | null, camera: Camera): string {
  if (link === "paused") return "Paused while the tab is hidden";
  if (link === "refused") return "This view is not open to you";
  if (camera.state !== "running") return [STATE[camera.state][1], reasonOf(camera)].filter(Boolean).join(". ");
  if (link === "lost") return "Lost the connection, trying again";
  return head ? "" : "Waiting for the first picture";
}

/** The number of people in words for screen readers: only when it has changed, and not too often. */
function Said({ camera, people }: { camera: string; people: number | null }) {
  const [said, setSaid] = useState<number | null>(null);
  const latest = useRef(people);
  latest.current = people;
  useEffect(() => {
    const timer = setInterval(() => setSaid(latest.current), SAY_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p class="spoken" aria-live="polite">
      {said === null ? "" : `${camera}: ${said} ${said === 1 ? "person" : "people"} in view`}
    </p>
  );
}
