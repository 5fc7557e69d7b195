import type { ComponentChildren } from "preact";
import "./badge.css";

export type Tone = "neutral" | "good" | "warn" | "bad" | "accent" | "alarm";

/** One or two words with a meaning of their own. */
export function Badge({ tone = "neutral", children }: { tone?: Tone; children: ComponentChildren }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}

/** A dot and the state in words: colour never speaks alone. */
export function StateDot({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return (
    <span class={`state-dot ${tone}`}>
      <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
        <circle cx="5" cy="5" r="4" />
      </svg>
      {children}
    </span>
  );
}
