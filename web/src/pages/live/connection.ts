// A live view's WebSocket: opened again when it breaks, closed while nobody looks.

export type Link = "connecting" | "open" | "lost" | "paused" | "refused";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;
/** Close codes after which trying again would be refused again: policy violation, and ours for "may not". */
const FINAL_CODES = [1008, 4401, 4403, 4404];

export interface Watcher {
  onMessage: (data: ArrayBuffer) => void;
  onLink: (link: Link) => void;
}

/** Doubles up to a limit. */
export const waitAfter = (failures: number): number => Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);

/** Watch an address until the result is called. */
export function watch(address: string, { onMessage, onLink }: Watcher): () => void {
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  const open = (): void => {
    onLink(failures ? "lost" : "connecting");
    const mine = new WebSocket(address);
    socket = mine;
    mine.binaryType = "arraybuffer";
    mine.onmessage = ({ data }) => {
      if (mine !== socket || !(data instanceof ArrayBuffer)) return;
      onLink("open");
      failures = 0;
      onMessage(data);
    };
    mine.onclose = ({ code }) => {
      if (mine !== socket) return;
      if (FINAL_CODES.includes(code)) onLink("refused");
      else again();
    };
  };
  const again = (): void => {
    onLink("lost");
    timer = setTimeout(open, waitAfter(failures));
    failures += 1;
  };
  const close = (): void => {
    clearTimeout(timer);
    const old = socket;
    socket = null;
    if (old?.readyState === WebSocket.CONNECTING)
      old.onopen = () => old.close(); // at once it would be an error
    else old?.close();
  };
  const follow = (): void => {
    close();
    failures = 0;
    if (document.hidden) onLink("paused");
    else open();
  };

  document.addEventListener("visibilitychange", follow);
  follow();
  return () => {
    document.removeEventListener("visibilitychange", follow);
    close();
  };
}
