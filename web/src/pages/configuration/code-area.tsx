import type { RefObject } from "preact";
import { useId, useRef } from "preact/hooks";
import "./configuration.css";

interface Props {
  readonly area: RefObject<HTMLTextAreaElement | null>;
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  /** Lines with something wrong, counted from 1. */
  readonly marked: ReadonlySet<number>;
}

/** A plain text area with line numbers. Tab leaves it, as everywhere. */
export function CodeArea({ area, label, text, onText, marked }: Props) {
  const id = useId();
  const numbers = useRef<HTMLDivElement>(null);
  const lines = text.split("\n").length;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="code-area">
        <div class="code-numbers" ref={numbers} aria-hidden="true">
          {Array.from({ length: lines }, (_, index) => index + 1).map((line) => (
            <span key={line} class={marked.has(line) ? "marked" : ""}>
              {line}
            </span>
          ))}
        </div>
        <textarea
          id={id}
          ref={area}
          wrap="off"
          spellcheck={false}
          autocapitalize="off"
          value={text}
          aria-invalid={marked.size > 0}
          onInput={(event) => onText(event.currentTarget.value)}
          onScroll={(event) => {
            if (numbers.current) numbers.current.scrollTop = event.currentTarget.scrollTop;
          }}
        />
      </div>
    </div>
  );
}

/** Put the caret at the beginning of a line, and show it. */
export function goToLine(area: HTMLTextAreaElement, line: number): void {
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  area.scrollTop = Math.max(0, ((line - 3) * area.scrollHeight) / lines.length);
}
