import { getReady, getSystem, type Ready, type System } from "../api/system";
import { useLoad } from "../api/use";
import { stamp } from "../charts/days";
import { size } from "../charts/sizes";
import { Card, Note, Page, Table } from "../ui";
import { chosenZone } from "./choice";
import { Shown } from "./shown";
import { cureOf, subjectOf } from "./system/cures";

const EVERY_MS = 5000;

/** Whether all is well, what to do where it is not, and what runs here. */
export default function SystemPage() {
  const ready = useLoad("ready", getReady, EVERY_MS);
  const system = useLoad("system", getSystem);
  return (
    <Page title="System">
      <Card title="Health">
        <Shown of={ready}>{(found) => <Health ready={found} />}</Shown>
      </Card>
      <Shown of={system}>
        {(found) => (
          <>
            <Facts system={found} />
            <Models system={found} />
            <Licences system={found} />
          </>
        )}
      </Shown>
    </Page>
  );
}

function Health({ ready: { is_ready, reasons, waiting } }: { ready: Ready }) {
  const all = Object.entries(reasons);
  return (
    <div class="stack" role="status">
      {all.length === 0 && is_ready && <Note tone="good">Everything works.</Note>}
      {all.map(([code, words]) => (
        <Note key={code} tone={is_ready ? "warn" : "bad"} title={subjectOf(code)}>
          <p>{words}</p>
          {cureOf(code) && <p>{cureOf(code)}</p>}
        </Note>
      ))}
      {waiting > 0 && <p class="quiet">{waiting} messages wait for their receivers. None is lost.</p>}
    </div>
  );
}

function Facts({ system: { version, python, platform, started_at, store, disk } }: { system: System }) {
  const zone = chosenZone();
  const facts = [
    ["footfall", version],
    ["Python", python],
    ["Machine", platform],
    [`Started (${zone})`, stamp(started_at, zone)],
    ["Events and numbers in", store === "sqlite" ? "SQLite, in the data folder" : "PostgreSQL"],
    ["Data folder", disk.folder],
  ];
  const used = disk.total_bytes - disk.free_bytes;
  return (
    <Card title="This machine">
      <dl class="fact-list">
        {facts.map(([title, words]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <label class="disk">
        <span>
          Disk: {size(disk.free_bytes)} free of {size(disk.total_bytes)}
        </span>
        <meter min={0} max={disk.total_bytes} high={disk.total_bytes * 0.9} optimum={0} value={used}>
          {size(used)} used
        </meter>
      </label>
    </Card>
  );
}

function Models({ system: { models } }: { system: System }) {
  const others = models.filter(({ is_here }) => !is_here);
  return (
    <Card title="Detectors">
      <ModelTable caption="Detectors on this machine" models={models.filter(({ is_here }) => is_here)} />
      {others.length > 0 && (
        <details>
          <summary>{others.length} more that can be fetched</summary>
          <ModelTable caption="Detectors that can be fetched" models={others} />
        </details>
      )}
    </Card>
  );
}

function ModelTable({ caption, models }: { caption: string; models: System["models"] }) {
  return (
    <Table
      caption={caption}
      rows={models}
      rowKey={({ name }) => name}
      columns={[
        { title: "Name", cell: ({ name }) => name },
        { title: "Finds", cell: ({ kind }) => kind, isExtra: true },
        { title: "Licence", cell: ({ licence }) => licence },
      ]}
    />
  );
}

function Licences({ system: { licences } }: { system: System }) {
  return (
    <Card title="Licences">
      <p class="quiet">footfall itself: Apache-2.0. It is made with these libraries.</p>
      <details>
        <summary>{licences.length} libraries</summary>
        <Table
          caption="Libraries and their licences"
          rows={licences}
          rowKey={({ name }) => name}
          columns={[
            { title: "Name", cell: ({ name }) => name },
            { title: "Version", cell: ({ version }) => version },
            { title: "Licence", cell: ({ licence }) => licence },
          ]}
        />
      </details>
    </Card>
  );
}
