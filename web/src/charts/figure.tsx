// What every chart comes with: a title, the same in words, and the same as a table.

import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import "./charts.css";

export interface TableOf {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

interface Props {
  readonly title: string;
  /** The chart in one or two sentences. */
  readonly summary: string;
  readonly table: TableOf;
  readonly children: ComponentChildren;
  readonly legend?: ComponentChildren;
}

export function Figure({ title, summary, table, children, legend }: Props) {
  const [isTable, setTable] = useState(false);
  const id = useId();
  return (
    <figure class="figure" aria-labelledby={id}>
      <div class="row spread">
        <h3 id={id}>{title}</h3>
        <button type="button" class="figure-switch" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          Table<span class="spoken"> of {title}</span>
        </button>
      </div>
      <p class="figure-summary">{summary}</p>
      {isTable ? (
        <DataTable title={title} {...table} />
      ) : (
        <>
          {legend}
          {children}
        </>
      )}
    </figure>
  );
}

/** A table that scrolls by itself where it is too wide; the first column names the row. */
export function DataTable({ title, columns, rows }: TableOf & { readonly title: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse must be able to scroll it
    <section class="data-scroll" tabIndex={0} aria-label={title}>
      <table class="data">
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={column} scope="col" class={index > 0 ? "number" : undefined}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...cells]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {cells.map((cell, index) => (
                <td key={columns[index + 1]} class="number">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
