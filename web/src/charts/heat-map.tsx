// Where people were, as squares in nine shades.

import type { ComponentChildren } from "preact";
import { level } from "./scale";

export interface Cells {
  readonly columns: number;
  readonly rows: number;
  /** Row by row from the top left; null where too few people were to be told. */
  readonly values: readonly (number | null)[];
}

interface Props extends Cells {
  readonly summary: string;
  /** Height of a cell over its width. */
  readonly aspect: number;
  /** What is drawn below the cells, and over them, in cells. */
  readonly under?: ComponentChildren;
  readonly over?: ComponentChildren;
}

export const LEVELS = 9;

export function HeatMap({ columns, rows, values, summary, aspect, under, over }: Props) {
  const paths = outlines({ columns, rows, values });
  return (
    <svg class="heat" viewBox={`0 0 ${columns} ${rows * aspect}`} role="img" aria-label={summary}>
      {under}
      <g transform={`scale(1 ${aspect})`}>
        {paths.map((path, index) => path && <path key={path} class={`heat-${index + 1}`} d={path} />)}
      </g>
      {over}
    </svg>
  );
}

/** One path for each level, from the lowest to the highest. */
export function outlines({ columns, values }: Cells): string[] {
  const most = Math.max(0, ...values.map((value) => value ?? 0));
  const paths = Array.from({ length: LEVELS }, () => "");
  values.forEach((value, index) => {
    const shade = level(value ?? 0, most, LEVELS);
    if (shade > 0) paths[shade - 1] += `M${index % columns} ${Math.floor(index / columns)}h1v1h-1z`;
  });
  return paths;
}

export function HeatLegend({ most }: { readonly most: string }) {
  return (
    <p class="heat-legend small">
      <span>0</span>
      <svg viewBox={`0 0 ${LEVELS} 1`} preserveAspectRatio="none" aria-hidden="true">
        {Array.from({ length: LEVELS }, (_, index) => (
          <rect key={`${index + 1}`} class={`heat-${index + 1}`} x={index} y="0" width="1.02" height="1" />
        ))}
      </svg>
      <span>{most}</span>
    </p>
  );
}
