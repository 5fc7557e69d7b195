import { useState } from "preact/hooks";
import { useDoing, useLoad } from "../../api/use";
import { listExports, startExport } from "../../api/vision-models";
import type { Iteration, ModelExport } from "../../api/vision-types";
import { pictureAddress } from "../../api/vision-urls";
import { Badge, Button, Card, ErrorNote, Table } from "../../ui";
import { Shown } from "../shown";
import type { Work } from "./use-work";

const WHILE_EXPORTING_MS = 1500;

interface Form {
  readonly platform: string;
  readonly flavor: string;
  readonly title: string;
  readonly words: string;
}

/** What a model of a compact domain can be taken away as. */
const FORMS: readonly Form[] = [
  {
    platform: "ONNX",
    flavor: "",
    title: "ONNX",
    words: "The model and its tags, for onnxruntime, OpenVINO and footfall.",
  },
  {
    platform: "DockerFile",
    flavor: "Linux",
    title: "Dockerfile",
    words: "A container of its own that answers programs.",
  },
];

/** Models to take away. */
export function Exporting({ work, iteration }: { work: Work; iteration: Iteration }) {
  if (!iteration.exportable)
    return (
      <Card title="To take away">
        <p>
          This iteration was trained in a domain that does not export. Choose a compact domain in the project's settings
          and train again.
        </p>
      </Card>
    );
  return (
    <Card title="To take away">
      <Exports work={work} iteration={iteration} />
    </Card>
  );
}

function Exports({ work, iteration }: { work: Work; iteration: Iteration }) {
  const [isRunning, setRunning] = useState(false);
  const exports = useLoad(
    iteration.id,
    async (signal) => {
      const all = await listExports(work.id, iteration.id, signal);
      setRunning(all.some(({ status }) => status === "Exporting"));
      return all;
    },
    isRunning ? WHILE_EXPORTING_MS : undefined,
  );
  return (
    <Shown of={exports}>
      {(made) => (
        <Table
          caption="Forms of export"
          rows={FORMS}
          rowKey={({ title }) => title}
          columns={[
            {
              title: "Form",
              cell: ({ title, words }) => (
                <>
                  {title}
                  <span class="hint">{words}</span>
                </>
              ),
            },
            {
              title: "Download",
              cell: (form) => (
                <One
                  form={form}
                  made={made.find((one) => isOf(one, form))}
                  start={() => startExport(work.id, iteration.id, form.platform, form.flavor)}
                  onStart={exports.reload}
                />
              ),
            },
          ]}
        />
      )}
    </Shown>
  );
}

const isOf = (made: ModelExport, { platform, flavor }: Form): boolean =>
  made.platform === platform && (made.flavor ?? "") === flavor;

interface OneProps {
  readonly form: Form;
  readonly made: ModelExport | undefined;
  readonly start: () => Promise<unknown>;
  readonly onStart: () => Promise<void>;
}

function One({ form, made, start, onStart }: OneProps) {
  const starting = useDoing(async () => {
    await start();
    await onStart();
  });
  if (made?.status === "Exporting") return <Badge tone="accent">in the making</Badge>;
  if (made?.status === "Done" && made.downloadUri)
    return (
      <a class="button plain" href={pictureAddress(made.downloadUri)} download>
        <span>
          Download<span class="spoken"> {form.title}</span>
        </span>
      </a>
    );
  return (
    <>
      {made?.status === "Failed" && <Badge tone="bad">failed</Badge>}
      <Button isBusy={starting.isBusy} aria-label={`Make it: ${form.title}`} onClick={() => void starting.run()}>
        Make it
      </Button>
      <ErrorNote error={starting.error} />
    </>
  );
}
