// What one region would have counted in the last hour.

import type { Measure, Preview, PreviewCount } from "../../api/regions";
import { nameOf, type Ref } from "./drawing";
import type { Editor } from "./use-editor";
import type { Trial } from "./use-trial";

const WORDS: Record<Measure, string> = {
  right: "to the right",
  left: "to the left",
  enter: "came in",
  exit: "went out",
  visit: "visits",
};

export function Counts({ editor, of, preview }: { editor: Editor; of: Ref; preview: Trial<Preview> }) {
  const name = nameOf(editor.drawing, of);
  const { answer } = preview;
  if (!answer || answer.recorded_s <= 0) return null;
  const ways = of.kind === "lines" ? editor.drawing.lines[of.index]?.names : undefined;
  const words = (measure: Measure): string =>
    (measure === "right" && ways?.right) || (measure === "left" && ways?.left) || WORDS[measure];
  const counts = answer.counts.filter((one) => one.region === name);
  const dwell_s = answer.dwell_s[name];
  return (
    <dl class={preview.isPending ? "counts pending" : "counts"} aria-label="Would have counted in the last hour">
      {counts.map((one) => (
        <div key={one.measure}>
          <dt>{words(one.measure)}</dt>
          <dd>
            {one.count} <Interval of={one} />
          </dd>
        </div>
      ))}
      {dwell_s !== undefined && (
        <div>
          <dt>stayed</dt>
          <dd>{duration(dwell_s)}</dd>
        </div>
      )}
      {counts.length === 0 && <div class="quiet small">nobody in the last hour</div>}
    </dl>
  );
}

function Interval({ of: { count, low, high } }: { of: PreviewCount }) {
  return low === count && high === count ? null : (
    <span class="quiet small">
      ({low} to {high})
    </span>
  );
}

/** `48 s`, `3 min 20 s`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
