import { useEffect, useState } from "preact/hooks";
import { type Config, type ConfigSummary, listVersions } from "../../api/config";
import { useDoing, useLoad } from "../../api/use";
import { stamp } from "../../charts/days";
import { Badge, Button, ErrorNote, Table } from "../../ui";
import { chosenZone } from "../choice";
import { Shown } from "../shown";
import { VersionDialog } from "./version-dialog";

/** Who changed what and when; any version can be had back. */
export function History({ present, onRestore }: { present: Config; onRestore: () => void }) {
  const first = useLoad(String(present.version), (signal) => listVersions(undefined, signal));
  const [older, setOlder] = useState<readonly ConfigSummary[]>([]);
  const [before, setBefore] = useState<number | null>(null);
  const [open, setOpen] = useState<number | null>(null);
  useEffect(() => {
    setOlder([]);
    setBefore(first.data?.before ?? null);
  }, [first.data]);
  const more = useDoing(async () => {
    const page = await listVersions(before ?? undefined);
    setOlder((known) => [...known, ...page.versions]);
    setBefore(page.before);
  });
  return (
    <div class="stack">
      <Shown of={first}>
        {({ versions }) => <Versions versions={[...versions, ...older]} present={present.version} onOpen={setOpen} />}
      </Shown>
      <ErrorNote error={more.error} />
      {before !== null && (
        <Button isBusy={more.isBusy} onClick={() => void more.run()}>
          Earlier versions
        </Button>
      )}
      {open !== null && (
        <VersionDialog number={open} present={present} onClose={() => setOpen(null)} onRestore={onRestore} />
      )}
    </div>
  );
}

interface VersionsProps {
  readonly versions: readonly ConfigSummary[];
  readonly present: number;
  readonly onOpen: (version: number) => void;
}

function Versions({ versions, present, onOpen }: VersionsProps) {
  const zone = chosenZone();
  return (
    <Table
      caption="Versions, newest first"
      rows={versions}
      rowKey={({ version }) => version}
      columns={[
        {
          title: "Version",
          cell: ({ version }) => (version === present ? <Badge tone="good">{version} runs</Badge> : version),
        },
        { title: `Time (${zone})`, cell: ({ at }) => stamp(at, zone) },
        { title: "By", cell: ({ author }) => author, isExtra: true },
        { title: "Why", cell: ({ comment }) => comment, isExtra: true },
        {
          title: "Look",
          cell: ({ version }) => (
            <Button kind="bare" onClick={() => onOpen(version)}>
              Changes<span class="spoken"> of version {version}</span>
            </Button>
          ),
        },
      ]}
    />
  );
}
