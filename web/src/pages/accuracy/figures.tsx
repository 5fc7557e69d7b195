import type { AuditFigures, Estimated } from "../../api/accuracy";
import { Card, Table } from "../../ui";

/** `94.3 % (85.2 to 98.1)`. */
export function shareInWords({ value, low, high }: Estimated): string {
  return `${tenths(value)} % (${tenths(low)} to ${tenths(high)})`;
}

function tenths(value: number): string {
  return value.toFixed(1).replace("-", "−");
}

/** How right the counts are, as far as moments are answered. */
export function Figures({ figures }: { figures: AuditFigures }) {
  const { told, recall, invented, total_error, kinds } = figures;
  const truth = figures.true;
  const rows = [
    ["Events told", String(told), "what the service counted"],
    [
      "Events in truth",
      `${tenths(truth.value)} (${tenths(truth.low)} to ${tenths(truth.high)})`,
      "estimated from your answers",
    ],
    ["Found", shareInWords(recall), "of what really happened"],
    ["Invented", shareInWords(invented), "of what was told"],
    ["Total error", shareInWords(total_error), "misses and inventions make up for each other here"],
  ] as const;
  return (
    <Card title="How right the counts are">
      <p class="quiet">In brackets: 19 times out of 20 the truth lies in between. More answers narrow it.</p>
      <Table
        caption="Figures and what they mean"
        rows={rows}
        rowKey={([name]) => name}
        columns={[
          { title: "Figure", cell: ([name]) => name },
          { title: "Estimate", cell: ([, value]) => value, isNumber: true },
          { title: "Meaning", cell: ([, , words]) => words, isExtra: true },
        ]}
      />
      <Table
        caption="What was looked at"
        rows={kinds}
        rowKey={({ kind }) => kind}
        columns={[
          { title: "Moments with", cell: ({ kind }) => kind },
          { title: "Answered", cell: ({ answered, moments }) => `${answered} of ${moments}`, isNumber: true },
          { title: "Missed", cell: ({ missed }) => missed, isNumber: true },
          { title: "Invented", cell: (one) => one.invented, isNumber: true },
        ]}
      />
    </Card>
  );
}
