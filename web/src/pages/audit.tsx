import { useEffect, useState } from "preact/hooks";
import { type AuditEntry, type AuditVerdict, listAudit, verifyAudit } from "../api/people";
import { useDoing, useLoad } from "../api/use";
import { stamp } from "../charts/days";
import { Button, Card, ErrorNote, Note, Page, Table } from "../ui";
import { chosenZone } from "./choice";
import { Shown } from "./shown";

/** Who did what. Every entry holds a hash of the one before: nothing can be taken out unseen. */
export default function AuditPage() {
  const first = useLoad("audit", (signal) => listAudit(undefined, signal));
  const [verdict, setVerdict] = useState<AuditVerdict | null>(null);
  const verifying = useDoing(async () => setVerdict(await verifyAudit()));
  const verify = (
    <Button icon="shield" isBusy={verifying.isBusy} onClick={() => void verifying.run()}>
      Verify
    </Button>
  );
  return (
    <Page
      title="Audit log"
      lead="Every entry carries a hash of the one before: a change or a gap shows when it is verified."
      actions={verify}
    >
      <ErrorNote error={verifying.error} />
      {verdict && <Verdict verdict={verdict} />}
      <Card>
        <Shown of={first}>{({ entries, before }) => <Entries first={entries} before={before} />}</Shown>
      </Card>
    </Page>
  );
}

function Verdict({ verdict: { is_whole, entries, broken_at } }: { verdict: AuditVerdict }) {
  return (
    <div role="status">
      {is_whole ? (
        <Note tone="good">All {entries} entries are as they were written.</Note>
      ) : (
        <Note tone="bad" title="The log was changed.">
          <p>Entry {broken_at} does not fit the one before it. Compare it with a backup.</p>
        </Note>
      )}
    </div>
  );
}

function What({ entry: { what, about } }: { entry: AuditEntry }) {
  return (
    <>
      {what.replaceAll("-", " ")}
      {about && <span class="hint long">{about}</span>}
    </>
  );
}

function Entries({ first, before: start }: { first: readonly AuditEntry[]; before: number | null }) {
  const [older, setOlder] = useState<readonly AuditEntry[]>([]);
  const [before, setBefore] = useState(start);
  useEffect(() => setBefore(start), [start]);
  const more = useDoing(async () => {
    const page = await listAudit(before ?? undefined);
    setOlder((known) => [...known, ...page.entries]);
    setBefore(page.before);
  });
  const zone = chosenZone();
  return (
    <>
      <Table
        caption="Audit log, newest first"
        rows={[...first, ...older]}
        rowKey={({ number }) => number}
        columns={[
          { title: "Number", cell: ({ number }) => number, isNumber: true, isExtra: true },
          { title: `Time (${zone})`, cell: ({ at }) => stamp(at, zone) },
          { title: "Who", cell: ({ who }) => who || "–" },
          { title: "What", cell: (entry) => <What entry={entry} /> },
          { title: "From", cell: ({ address }) => address, isExtra: true },
        ]}
      />
      <ErrorNote error={more.error} />
      {before !== null && (
        <Button isBusy={more.isBusy} onClick={() => void more.run()}>
          Earlier entries
        </Button>
      )}
    </>
  );
}
