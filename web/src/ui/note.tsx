import type { ComponentChildren } from "preact";
import type { ApiError } from "../api/client";
import { sentence } from "../words";
import type { Tone } from "./badge";
import { Icon } from "./icon";
import "./note.css";

/** Something the reader should know. */
export function Note({
  tone = "neutral",
  title,
  children,
}: {
  tone?: Tone;
  title?: string;
  children?: ComponentChildren;
}) {
  return (
    <div class={`note ${tone}`} role={tone === "bad" ? "alert" : undefined}>
      {(tone === "bad" || tone === "warn") && <Icon name="alert" />}
      <div>
        {title && <strong>{title}</strong>}
        {children}
      </div>
    </div>
  );
}

/** What the service refused, with every problem and how to mend it; nothing where there is no error. */
export function ErrorNote({ error }: { error: ApiError | null }) {
  if (!error) return null;
  const [only, ...more] = error.problems;
  const isTold = only && !more.length && error.message.includes(only.what);
  return (
    <Note tone="bad">
      <p>{isTold ? sentence(only.what) : sentence(error.message)}</p>
      {isTold && only.cure && <p>{sentence(only.cure)}</p>}
      {error.retryAfterS !== null && <p>Try again in {Math.ceil(error.retryAfterS)} s.</p>}
      {!isTold && error.problems.length > 0 && (
        <ul>
          {error.problems.map((problem) => (
            <li key={problem.path + problem.what}>
              {problem.path && <code>{problem.path}</code>} {problem.what}
              {problem.cure && `; ${problem.cure}`}
            </li>
          ))}
        </ul>
      )}
    </Note>
  );
}

/** Where a list has nothing in it: what would be here, and how to get it. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <strong>{title}</strong>
      {children}
    </div>
  );
}

/** Something is being loaded; it shows only after a moment, so that nothing flickers. */
export function Spinner({ label = "Loading" }: { label?: string }) {
  return (
    <div class="spinner" role="status">
      <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
        <circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="34 16" />
      </svg>
      <span class="spoken">{label}</span>
    </div>
  );
}
