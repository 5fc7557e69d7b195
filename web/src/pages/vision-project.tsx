import { useState } from "preact/hooks";
import { link } from "../router";
import type { PageProps } from "../routes";
import { Button, Card, IconButton, Page, Tabs } from "../ui";
import { choose, chosen } from "./choice";
import { Shown } from "./shown";
import { Pictures } from "./vision/pictures";
import { Predictions } from "./vision/predictions";
import { ProjectDialog } from "./vision/project-dialog";
import { QuickTest } from "./vision/quick-test";
import { Tags } from "./vision/tags";
import { TrainDialog } from "./vision/train-dialog";
import { TrainingNow } from "./vision/training-now";
import { Trainings } from "./vision/trainings";
import { useWork, type Work } from "./vision/use-work";
import { KIND_WORDS } from "./vision/words";
import "./vision/vision.css";

const TABS = [
  ["pictures", "Pictures"],
  ["tags", "Tags"],
  ["training", "Training"],
  ["test", "Quick test"],
  ["predictions", "Predictions"],
] as const;

/** One project: its pictures and tags, what was trained with them, and what that tells. */
export default function VisionProjectPage({ params: { project = "" } }: PageProps) {
  const work = useWork(project);
  const [open, setOpen] = useState<"settings" | "train" | null>(null);
  const close = (): void => setOpen(null);
  const found = work.data;
  return (
    <Page
      title={found?.project.name ?? "Project"}
      lead={found && (found.project.description || KIND_WORDS[found.kind])}
      back={[link("vision"), "Custom Vision"]}
      actions={found && <Actions work={found} onOpen={setOpen} />}
    >
      <Shown of={work}>
        {(present) => (
          <>
            <TrainingNow work={present} />
            <Parts work={present} />
            {open === "train" && <TrainDialog work={present} onClose={close} />}
            {open === "settings" && (
              <ProjectDialog
                domains={present.domains}
                subject={present}
                onClose={close}
                onDone={() => void present.reload()}
              />
            )}
          </>
        )}
      </Shown>
    </Page>
  );
}

function Actions({ work, onOpen }: { work: Work; onOpen: (what: "settings" | "train") => void }) {
  const isTraining = work.iterations.some(({ status }) => status === "Training");
  return (
    <>
      <IconButton icon="settings" label="Name, description and domain" onClick={() => onOpen("settings")} />
      <Button kind="main" disabled={isTraining} onClick={() => onOpen("train")}>
        Train
      </Button>
    </>
  );
}

function Parts({ work }: { work: Work }) {
  const view = chosen("view", "pictures");
  return (
    <Card>
      <Tabs
        label="Project"
        tabs={TABS}
        chosen={view}
        onChoose={(key) => choose({ view: key, show: "", tag: "", camera: "" })}
      >
        <Part view={view} work={work} />
      </Tabs>
    </Card>
  );
}

function Part({ view, work }: { view: string; work: Work }) {
  if (view === "tags") return <Tags work={work} />;
  if (view === "training") return <Trainings work={work} />;
  if (view === "test") return <QuickTest work={work} />;
  if (view === "predictions") return <Predictions work={work} />;
  return <Pictures work={work} />;
}
