// What changed between two texts, line by line.

export interface Line {
  readonly kind: "same" | "gone" | "new";
  readonly text: string;
  /** Counted from 1 in the text that it stands in; for `same`: in the newer one. */
  readonly number: number;
}

/** All lines, in the order in which to read them: what went stands before what came. */
export function diff(before: string, after: string): Line[] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const head = sharedHead(old, now);
  const tail = sharedTail(old.slice(head), now.slice(head));
  const middle = walk(old.slice(head, old.length - tail), now.slice(head, now.length - tail), head);
  return [...same(now, 0, head), ...middle, ...same(now, now.length - tail, now.length)];
}

/** Only what changed, with `around` lines on either side; `null` stands for what is left out. */
export function excerpt(lines: readonly Line[], around = 3): (Line | null)[] {
  const shown = new Set<number>();
  lines.forEach((line, index) => {
    if (line.kind === "same") return;
    for (let near = index - around; near <= index + around; near++) shown.add(near);
  });
  const found: (Line | null)[] = [];
  lines.forEach((line, index) => {
    if (shown.has(index)) found.push(line);
    else if (found.at(-1) !== null && shown.size > 0) found.push(null);
  });
  return found;
}

function same(lines: readonly string[], from: number, to: number): Line[] {
  return lines.slice(from, to).map((text, index) => ({ kind: "same", text, number: from + index + 1 }));
}

function sharedHead(old: readonly string[], now: readonly string[]): number {
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  return head;
}

function sharedTail(old: readonly string[], now: readonly string[]): number {
  let tail = 0;
  while (tail < old.length && tail < now.length && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  return tail;
}

/** By the longest common subsequence. */
function walk(old: readonly string[], now: readonly string[], head: number): Line[] {
  const common = commonLengths(old, now);
  const at = (row: number, column: number): number => common[row * (now.length + 1) + column] ?? 0;
  const lines: Line[] = [];
  let [row, column] = [0, 0];
  while (row < old.length || column < now.length) {
    const [gone, came] = [old[row], now[column]];
    if (gone !== undefined && gone === came) {
      lines.push({ kind: "same", text: gone, number: head + column + 1 });
      row++;
      column++;
    } else if (gone !== undefined && (came === undefined || at(row + 1, column) >= at(row, column + 1))) {
      lines.push({ kind: "gone", text: gone, number: head + row + 1 });
      row++;
    } else {
      lines.push({ kind: "new", text: came ?? "", number: head + column + 1 });
      column++;
    }
  }
  return lines;
}

/** Length of the longest common subsequence of what is left from (row, column) on. */
function commonLengths(old: readonly string[], now: readonly string[]): Uint32Array {
  const width = now.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  for (let row = old.length - 1; row >= 0; row--) {
    for (let column = now.length - 1; column >= 0; column--) {
      const [down, right] = [common[(row + 1) * width + column] ?? 0, common[row * width + column + 1] ?? 0];
      const both = (common[(row + 1) * width + column + 1] ?? 0) + 1;
      common[row * width + column] = old[row] === now[column] ? both : Math.max(down, right);
    }
  }
  return common;
}
