import { useState } from "preact/hooks";
import { listModelsAtCameras, type ModelAtCamera, switchBack, switchModel } from "../../api/models";
import { useDoing, useLoad } from "../../api/use";
import type { Iteration } from "../../api/vision-types";
import { Badge, Button, Card, Check, Confirm, Empty, Table, toast } from "../../ui";
import { Shown } from "../shown";
import { several } from "./at-cameras-words";
import { Comparing } from "./comparing";
import type { Work } from "./use-work";

interface Props {
  readonly work: Work;
  readonly iteration: Iteration;
}

/** Which cameras ask which model about people; comparing this one with it, switching over, going back. */
export function AtCameras({ work, iteration }: Props) {
  const all = useLoad("models at cameras", listModelsAtCameras);
  if (work.kind === "boxes" || !iteration.exportable)
    return (
      <Card title="At cameras">
        <p>{work.kind === "boxes" ? FINDS : NOT_COMPACT}</p>
      </Card>
    );
  return (
    <Card title="At cameras">
      <p class="quiet">
        Cameras ask one model about every person that they see; what it tells is in their events. Compare first:
        switching over starts a camera anew.
      </p>
      <Shown of={all}>
        {(cameras) =>
          cameras.length > 0 ? (
            <Choice work={work} iteration={iteration} cameras={cameras} onChange={all.reload} />
          ) : (
            <Empty title="There is no camera yet." />
          )
        }
      </Shown>
    </Card>
  );
}

const FINDS =
  "Cameras ask models that tell pictures. One that finds things can be their detector: take it away as ONNX.";
const NOT_COMPACT =
  "This iteration was trained in a domain that does not export. Choose a compact domain in the project's settings and train again.";

interface ChoiceProps extends Props {
  readonly cameras: readonly ModelAtCamera[];
  readonly onChange: () => Promise<void>;
}

function Choice({ work, iteration, cameras, onChange }: ChoiceProps) {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [open, setOpen] = useState<"use" | "back" | null>(null);
  const asks = ({ model }: ModelAtCamera): boolean => model?.iteration === iteration.id;
  const fresh = cameras.filter((one) => chosen.includes(one.camera) && !asks(one)).map(({ camera }) => camera);
  const returning = cameras.filter((one) => asks(one) && one.has_before);
  const press = (camera: string, isChosen: boolean): void =>
    setChosen(isChosen ? [...chosen, camera] : chosen.filter((one) => one !== camera));
  const done = (words: string): void => {
    toast(words);
    setOpen(null);
    setChosen([]);
    void onChange();
  };
  return (
    <>
      <Table
        caption="Which camera asks which model"
        rows={cameras}
        rowKey={({ camera }) => camera}
        columns={[
          {
            title: "Camera",
            cell: (one) => (
              <Check
                label={one.camera}
                value={asks(one) || chosen.includes(one.camera)}
                disabled={asks(one)}
                onValue={(value) => press(one.camera, value)}
              />
            ),
          },
          { title: "Asks", cell: (one) => <Asks of={one} isThis={asks(one)} /> },
          { title: "Before", cell: (one) => before(one), isExtra: true },
        ]}
      />
      <Comparing work={work} iteration={iteration} cameras={cameras.filter((one) => one.model && !asks(one))} />
      <div class="row">
        <Button disabled={fresh.length === 0} onClick={() => setOpen("use")}>
          Use {iteration.name} …
        </Button>
        {returning.length > 0 && <Button onClick={() => setOpen("back")}>Back to the model before …</Button>}
      </div>
      {open === "use" && (
        <Switching work={work} iteration={iteration} cameras={fresh} onClose={() => setOpen(null)} onDone={done} />
      )}
      {open === "back" && <Returning cameras={returning} onClose={() => setOpen(null)} onDone={done} />}
    </>
  );
}

function Asks({ of, isThis }: { of: ModelAtCamera; isThis: boolean }) {
  if (!of.model) return <span class="quiet">no model</span>;
  return isThis ? <Badge tone="good">this one</Badge> : of.model.words;
}

const before = ({ has_before, before: model }: ModelAtCamera): string =>
  has_before ? (model?.words ?? "no model") : "–";

interface SwitchingProps extends Props {
  readonly cameras: readonly string[];
  readonly onClose: () => void;
  readonly onDone: (words: string) => void;
}

function Switching({ work, iteration, cameras, onClose, onDone }: SwitchingProps) {
  const switching = useDoing(() => switchModel(work.id, iteration.id, cameras));
  return (
    <Confirm
      title={`Use ${iteration.name} at ${several(cameras)}?`}
      verb="Switch over"
      doing={switching}
      onClose={onClose}
      onDone={() => onDone(`${several(cameras)} ask ${iteration.name}`)}
    >
      <p>From now on it is asked about every person there. The cameras start anew; the others go on.</p>
      <p>You can go back at any time, here or in the configuration's history.</p>
    </Confirm>
  );
}

interface ReturningProps {
  readonly cameras: readonly ModelAtCamera[];
  readonly onClose: () => void;
  readonly onDone: (words: string) => void;
}

function Returning({ cameras, onClose, onDone }: ReturningProps) {
  const names = cameras.map(({ camera }) => camera);
  const returning = useDoing(() => switchBack(names));
  return (
    <Confirm
      title="Back to the model before?"
      verb="Go back"
      doing={returning}
      onClose={onClose}
      onDone={() => onDone(`The model before is asked again at ${several(names)}`)}
    >
      <ul>
        {cameras.map((one) => (
          <li key={one.camera}>
            {one.camera}: {before(one)}
          </li>
        ))}
      </ul>
    </Confirm>
  );
}
