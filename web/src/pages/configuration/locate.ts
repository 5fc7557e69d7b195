// In which line of a YAML or JSON text a JSON path such as `$.cameras[0].lines[1].points` lies.

interface Row {
  readonly number: number;
  readonly indent: number;
  readonly text: string;
}

/** The line, counted from 1; of paths within one line (flow style): that line. Null where nothing fits. */
export function lineOf(text: string, path: string): number | null {
  let rows = rowsOf(text);
  let found: number | null = null;
  for (const step of stepsOf(path)) {
    const inner = typeof step === "number" ? item(rows, step) : value(rows, step);
    const [first] = inner ?? [];
    if (!inner || !first) break;
    found = first.number;
    rows = inner;
  }
  return found;
}

/** `$.cameras[0].url` -> cameras, 0, url. */
function stepsOf(path: string): (string | number)[] {
  const steps = path.matchAll(/\[(\d+)\]|\["([^"]*)"\]|([^.[\]$]+)/g);
  return [...steps].map(([, index, quoted, name]) => (index === undefined ? (quoted ?? name ?? "") : Number(index)));
}

function rowsOf(text: string): Row[] {
  const rows = text.split("\n").map((line, index) => row(line, index + 1));
  return rows.filter(
    (one) => one.text !== "" && !one.text.startsWith("#") && !/^[{}[\],]+$/.test(one.text.replace("{", "")),
  );
}

function row(line: string, number: number): Row {
  const text = line.trimStart();
  return { number, indent: line.length - text.length, text: text.trimEnd() };
}

/** The row of a key and all that belongs to it. */
function value(rows: readonly Row[], key: string): Row[] | null {
  const isOpener = /^(\{|$)/.test(rows[0]?.text ?? "");
  const inner = isOpener ? rows.slice(1) : rows;
  const indent = Math.min(...inner.map((one) => one.indent));
  const isKey = (one: Row): boolean => one.indent === indent && keyOf(one.text) === key;
  const start = inner.findIndex(isKey);
  if (start < 0) return null;
  const after = inner.slice(start + 1);
  const end = after.findIndex((one) => one.indent < indent || (one.indent === indent && !isItem(one)));
  return inner.slice(start, end < 0 ? undefined : start + 1 + end);
}

/** The rows of one item of the list that begins behind the first row; its dash counts as blank. */
function item(rows: readonly Row[], index: number): Row[] | null {
  const inner = rows.slice(1);
  const indent = Math.min(...inner.filter(isItem).map((one) => one.indent));
  const starts = inner.flatMap((one, at) => (one.indent === indent && isItem(one) ? [at] : []));
  const start = starts[index];
  if (start === undefined) return null;
  const [first, ...rest] = inner.slice(start, starts[index + 1]);
  return first ? [undashed(first), ...rest] : null;
}

function isItem({ text }: Row): boolean {
  return text.startsWith("- ") || text === "-" || text.startsWith("{");
}

function undashed({ number, indent, text }: Row): Row {
  const bare = text.replace(/^-\s*/, "");
  return { number, indent: indent + text.length - bare.length, text: bare };
}

function keyOf(text: string): string | null {
  return /^["']?([^"':]+)["']?\s*:/.exec(text)?.[1]?.trim() ?? null;
}
