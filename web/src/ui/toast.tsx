import { signal } from "@preact/signals";
import "./toast.css";

interface Toast {
  id: number;
  words: string;
}

const LIFE_MS = 5000;
const toasts = signal<readonly Toast[]>([]);
let last = 0;

/** Say for some seconds that something went well. Errors belong beside what failed: see ErrorNote. */
export function toast(words: string): void {
  const id = ++last;
  toasts.value = [...toasts.value, { id, words }];
  setTimeout(() => {
    toasts.value = toasts.value.filter((one) => one.id !== id);
  }, LIFE_MS);
}

export function Toasts() {
  return (
    <div class="toasts" role="status">
      {toasts.value.map((one) => (
        <div key={one.id} class="toast">
          {one.words}
        </div>
      ))}
    </div>
  );
}
