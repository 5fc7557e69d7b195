// Bars side by side, with whiskers from the lowest to the highest credible value.

import { brief, type Counted } from "./likely";
import { labelEvery, ticks } from "./scale";
import { useWidth } from "./width";

export interface Series {
  readonly name: string;
  /** One for every label; null where nothing is known. */
  readonly values: readonly (Counted | null)[];
}

interface Props {
  readonly labels: readonly string[];
  readonly series: readonly Series[];
  /** What a screen reader says in place of the picture. */
  readonly summary: string;
  readonly heightPx?: number;
}

const LEFT = 40;
const RIGHT = 4;
const TOP = 8;
const BOTTOM = 24;
const LABEL_PX = 46;

export function Legend({ names }: { readonly names: readonly string[] }) {
  return (
    <ul class="chart-legend">
      {names.map((name, index) => (
        <li key={name}>
          <svg width="14" height="14" aria-hidden="true">
            <rect class={`chart-bar series-${index}`} x="1" y="1" width="12" height="12" rx="2" />
          </svg>
          {name}
        </li>
      ))}
      <li>
        <svg width="14" height="14" aria-hidden="true">
          <path class="chart-whisker" d="M7 1V13M3 1H11M3 13H11" />
        </svg>
        likely range
      </li>
    </ul>
  );
}

export function Bars({ labels, series, summary, heightPx = 220 }: Props) {
  const [element, width] = useWidth();
  const most = Math.max(0, ...series.flatMap(({ values }) => values.map((value) => value?.high ?? 0)));
  const axis = ticks(most);
  const top = axis.at(-1) ?? 1;
  const y = (value: number): number => heightPx - BOTTOM - (value / top) * (heightPx - TOP - BOTTOM);
  const slot = (width - LEFT - RIGHT) / Math.max(labels.length, 1);
  return (
    <div ref={element} class="chart">
      <svg width={width} height={heightPx} role="img" aria-label={summary}>
        <Grid axis={axis} y={y} width={width} />
        {labels.map((label, index) => (
          <g key={label} transform={`translate(${LEFT + index * slot} 0)`}>
            <Slot label={label} series={series} index={index} width={slot} y={y} />
          </g>
        ))}
        <Labels
          labels={labels}
          slot={slot}
          y={heightPx - 7}
          every={labelEvery(labels.length, width - LEFT, LABEL_PX)}
        />
      </svg>
    </div>
  );
}

interface SlotProps {
  readonly label: string;
  readonly series: readonly Series[];
  readonly index: number;
  readonly width: number;
  readonly y: (value: number) => number;
}

/** All bars of one label. */
function Slot({ label, series, index, width, y }: SlotProps) {
  const gap = Math.min(6, width * 0.2);
  const bar = Math.max(1, Math.min(36, (width - gap) / series.length));
  const start = (width - bar * series.length) / 2;
  const told = series.map(({ name, values }) => `${name} ${values[index] ? brief(values[index]) : "not known"}`);
  return (
    <>
      <rect class="chart-slot" x="0" y="0" width={width} height={y(0)}>
        <title>{`${label}: ${told.join(", ")}`}</title>
      </rect>
      {series.map(({ name, values }, number) => {
        const value = values[index];
        return value && <Bar key={name} value={value} number={number} x={start + number * bar} width={bar} y={y} />;
      })}
    </>
  );
}

interface BarProps {
  readonly value: Counted;
  readonly number: number;
  readonly x: number;
  readonly width: number;
  readonly y: (value: number) => number;
}

function Bar({ value: { count, low, high }, number, x, width, y }: BarProps) {
  const middle = x + width / 2;
  const cap = Math.min(4, width / 3);
  const ends = `M${middle - cap} ${y(low)}h${2 * cap}M${middle - cap} ${y(high)}h${2 * cap}M${middle} ${y(low)}V${y(high)}`;
  return (
    <g pointer-events="none">
      <rect
        class={`chart-bar series-${number}`}
        x={x + 0.5}
        y={y(count)}
        width={Math.max(width - 1, 1)}
        height={y(0) - y(count)}
      />
      {high > low && <path class="chart-whisker" d={ends} />}
    </g>
  );
}

interface GridProps {
  readonly axis: readonly number[];
  readonly y: (value: number) => number;
  readonly width: number;
}

export function Grid({ axis, y, width }: GridProps) {
  return (
    <g>
      {axis.map((value) => (
        <g key={value}>
          <line class="chart-grid" x1={LEFT} x2={width - RIGHT} y1={y(value)} y2={y(value)} />
          <text class="chart-axis" x={LEFT - 6} y={y(value) + 4} text-anchor="end">
            {value}
          </text>
        </g>
      ))}
    </g>
  );
}

interface LabelsProps {
  readonly labels: readonly string[];
  readonly slot: number;
  readonly y: number;
  readonly every: number;
}

function Labels({ labels, slot, y, every }: LabelsProps) {
  return (
    <g>
      {labels.map(
        (label, index) =>
          index % every === 0 && (
            <text key={label} class="chart-axis" x={LEFT + (index + 0.5) * slot} y={y} text-anchor="middle">
              {label}
            </text>
          ),
      )}
    </g>
  );
}
