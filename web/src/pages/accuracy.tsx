import { useState } from "preact/hooks";
import { type AccuracySummary, listAudits } from "../api/accuracy";
import { may } from "../api/session";
import { useLoad } from "../api/use";
import { stamp } from "../charts/days";
import { link } from "../router";
import { Button, Card, Empty, Page, Table } from "../ui";
import { shareInWords } from "./accuracy/figures";
import { StartDialog } from "./accuracy/start-dialog";
import { chosenZone } from "./choice";
import { Shown } from "./shown";

/** How right the numbers are: somebody looks at a few moments and counts. */
export default function AccuracyPage() {
  const [isStarting, setStarting] = useState(false);
  const audits = useLoad("audits", listAudits);
  const start = may("operator") && (
    <Button kind="main" icon="add" onClick={() => setStarting(true)}>
      New audit
    </Button>
  );
  return (
    <Page
      title="Accuracy"
      lead="Look at a few short moments, say how many passed, and learn how right all the counts of that time are."
      actions={start}
    >
      <Shown of={audits}>{(all) => (all.length > 0 ? <Audits all={all} /> : <NoAudit />)}</Shown>
      {isStarting && <StartDialog onClose={() => setStarting(false)} />}
    </Page>
  );
}

function NoAudit() {
  return (
    <Empty title="No audit yet.">
      <p>Twenty moments of four seconds each take about five minutes. Tracks of that time have to be recorded.</p>
    </Empty>
  );
}

function Audits({ all }: { all: readonly AccuracySummary[] }) {
  const zone = chosenZone();
  return (
    <Card>
      <Table
        caption="Audits, newest first"
        rows={all}
        rowKey={({ id }) => id}
        columns={[
          { title: "Camera", cell: ({ id, camera }) => <a href={link("accuracy", id)}>{camera}</a> },
          { title: `From (${zone})`, cell: ({ begin }) => stamp(begin, zone), isExtra: true },
          { title: "Until", cell: ({ end }) => stamp(end, zone), isExtra: true },
          { title: "Answered", cell: ({ answered, moments }) => `${answered} of ${moments}`, isNumber: true },
          { title: "Found", cell: ({ figures }) => (figures ? shareInWords(figures.recall) : "–"), isNumber: true },
          { title: "By", cell: ({ author }) => author, isExtra: true },
        ]}
      />
    </Card>
  );
}
