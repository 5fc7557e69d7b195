import { diff, excerpt } from "../../charts/diff";
import "./configuration.css";

const SIGNS = { same: " ", gone: "−", new: "+" } as const;
const WORDS = { same: "", gone: "removed: ", new: "added: " } as const;

/** What changed between two texts. */
export function DiffView({ before, after, label }: { before: string; after: string; label: string }) {
  const lines = excerpt(diff(before, after));
  if (lines.length === 0) return <p class="quiet">Nothing differs.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="diff" tabIndex={0} aria-label={label}>
      <ol>
        {lines.map((line, index) =>
          line ? (
            <li key={`${line.kind} ${line.number}`} class={line.kind}>
              <span class="diff-number">{line.number}</span>
              <span aria-hidden="true">{SIGNS[line.kind]} </span>
              <span class="spoken">{WORDS[line.kind]}</span>
              {line.text}
            </li>
          ) : (
            <li key={`left out ${lines[index + 1]?.number ?? "end"}`} class="left-out">
              …
            </li>
          ),
        )}
      </ol>
    </section>
  );
}
