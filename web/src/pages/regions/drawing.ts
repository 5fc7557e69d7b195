// The drawing of one camera and all edits of it, as pure functions.

import type { Drawing, LineRegion, MaskRegion, Point, ZoneRegion } from "../../api/regions";
import { between, clamped, shifted } from "./geometry";

export type Kind = "lines" | "zones" | "masks" | "floor";

/** Which region; `index` is 0 for the floor. */
export interface Ref {
  kind: Kind;
  index: number;
}

export const EMPTY: Drawing = { lines: [], zones: [], masks: [], floor: null };
export const WORDS: Record<Kind, string> = { lines: "Line", zones: "Zone", masks: "Privacy mask", floor: "Floor" };
const FEWEST: Record<Kind, number> = { lines: 2, zones: 3, masks: 3, floor: 4 };
const FIXED: readonly Kind[] = ["lines", "floor"];

const DEFAULTS: Record<Kind, readonly Point[]> = {
  lines: [
    [0.3, 0.65],
    [0.7, 0.65],
  ],
  zones: [
    [0.35, 0.5],
    [0.65, 0.5],
    [0.65, 0.8],
    [0.35, 0.8],
  ],
  masks: [
    [0.4, 0.1],
    [0.6, 0.1],
    [0.6, 0.3],
    [0.4, 0.3],
  ],
  floor: [
    [0.35, 0.55],
    [0.65, 0.55],
    [0.75, 0.85],
    [0.25, 0.85],
  ],
};

export const sameRef = (a: Ref | null, b: Ref | null): boolean => a?.kind === b?.kind && a?.index === b?.index;
export const refKey = (ref: Ref): string => `${ref.kind}-${ref.index}`;
export const canAddPoints = (kind: Kind): boolean => !FIXED.includes(kind);
export const pointsWanted = (kind: Kind): number | null => (FIXED.includes(kind) ? FEWEST[kind] : null);
export const fewestPoints = (kind: Kind): number => FEWEST[kind];
export const defaultPoints = (kind: Kind): readonly Point[] => DEFAULTS[kind];

export function pointsOf(drawing: Drawing, { kind, index }: Ref): readonly Point[] {
  if (kind === "floor") return drawing.floor?.points ?? [];
  return drawing[kind][index]?.points ?? [];
}

export function nameOf(drawing: Drawing, { kind, index }: Ref): string {
  return kind === "floor" ? "floor" : (drawing[kind][index]?.name ?? "");
}

/** Everything with points, in the order in which it is painted. */
export function allRefs(drawing: Drawing): Ref[] {
  const refs = (kind: "lines" | "zones" | "masks"): Ref[] => drawing[kind].map((_, index) => ({ kind, index }));
  const floor: Ref[] = drawing.floor?.points ? [{ kind: "floor", index: 0 }] : [];
  return [...refs("masks"), ...floor, ...refs("zones"), ...refs("lines")];
}

type Change = Partial<LineRegion & ZoneRegion & MaskRegion>;

/** Other settings of one region. */
export function changed(drawing: Drawing, { kind, index }: Ref, change: Change): Drawing {
  if (kind === "floor")
    return drawing.floor
      ? { ...drawing, floor: { ...drawing.floor, points: change.points ?? drawing.floor.points ?? null } }
      : drawing;
  const regions = drawing[kind].map((region, i) => (i === index ? { ...region, ...change } : region));
  return { ...drawing, [kind]: regions };
}

export function movedPoint(drawing: Drawing, ref: Ref, at: number, to: Point): Drawing {
  const points = pointsOf(drawing, ref).map((point, i) => (i === at ? clamped(to[0], to[1]) : point));
  return changed(drawing, ref, { points });
}

export function movedRegion(drawing: Drawing, ref: Ref, dx: number, dy: number): Drawing {
  return changed(drawing, ref, { points: shifted(pointsOf(drawing, ref), dx, dy) });
}

/** One more corner after `at`, half way to the next one. */
export function withPointAfter(drawing: Drawing, ref: Ref, at: number): Drawing {
  const points = pointsOf(drawing, ref);
  const [here, next] = [points[at], points[(at + 1) % points.length]];
  if (!canAddPoints(ref.kind) || !here || !next) return drawing;
  return changed(drawing, ref, { points: points.toSpliced(at + 1, 0, between(here, next)) });
}

/** One corner less; null where the region would be none any more. */
export function withoutPoint(drawing: Drawing, ref: Ref, at: number): Drawing | null {
  const points = pointsOf(drawing, ref);
  if (points.length <= FEWEST[ref.kind]) return null;
  return changed(drawing, ref, { points: points.toSpliced(at, 1) });
}

export function without(drawing: Drawing, { kind, index }: Ref): Drawing {
  if (kind === "floor") return { ...drawing, floor: null };
  return { ...drawing, [kind]: drawing[kind].toSpliced(index, 1) };
}

/** A new region under a free name, and where it is. */
export function withNew(
  drawing: Drawing,
  kind: Kind,
  points: readonly Point[],
  shape: readonly number[],
): readonly [Drawing, Ref] {
  if (kind === "floor")
    return [
      { ...drawing, floor: { points, rectangle_m: [3, 2], frame_shape: shape } },
      { kind, index: 0 },
    ];
  const name = freeName(drawing, kind.slice(0, -1));
  const region = kind === "lines" ? { name, points, names: { right: "in", left: "out" } } : { name, points };
  return [
    { ...drawing, [kind]: [...drawing[kind], region] },
    { kind, index: drawing[kind].length },
  ];
}

/** `line`, `line 2`, `line 3` ... */
export function freeName(drawing: Drawing, base: string): string {
  const taken = new Set([...drawing.lines, ...drawing.zones, ...drawing.masks].map((region) => region.name));
  const names = [base, ...Array.from(taken, (_, i) => `${base} ${i + 2}`)];
  return names.find((name) => !taken.has(name)) ?? base;
}

/** The line the other way round: what was to its right is to its left. Names stay with right and left. */
export function turned(drawing: Drawing, ref: Ref): Drawing {
  return changed(drawing, ref, { points: pointsOf(drawing, ref).toReversed() });
}

/** What is wrong with a region's name, if anything. */
export function nameProblem(drawing: Drawing, ref: Ref): string | undefined {
  const name = nameOf(drawing, ref).trim();
  if (!name) return "needs a name";
  const names = [...drawing.lines, ...drawing.zones].map((region) => region.name.trim());
  return ref.kind !== "masks" && names.filter((one) => one === name).length > 1
    ? "another one has this name"
    : undefined;
}

/** Whether two drawings mean the same, however they are written. */
export const sameDrawing = (a: Drawing, b: Drawing): boolean => JSON.stringify(plain(a)) === JSON.stringify(plain(b));

function plain({ lines, zones, masks, floor }: Drawing): unknown {
  const regions = [lines, zones, masks].map((kind) => kind.map((region) => ({ ...region, name: region.name.trim() })));
  return [regions, floor].map(sorted);
}

/** The same with keys in order and without those that are null. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const told = Object.entries(value).filter(([, part]) => part !== null && part !== undefined);
  return Object.fromEntries(told.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, sorted(part)]));
}
