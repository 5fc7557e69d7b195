import type { Iteration } from "../../api/vision-types";
import { stamp } from "../../charts/days";
import { link } from "../../router";
import { Badge, Empty, StateDot, Table } from "../../ui";
import { chosenZone } from "../choice";
import type { Work } from "./use-work";
import { stateOf } from "./words";

/** What has been trained. */
export function Trainings({ work }: { work: Work }) {
  if (work.iterations.length === 0)
    return (
      <Empty title="Nothing is trained yet.">
        <p>Every training makes an iteration: a model that you can test, publish and take away.</p>
      </Empty>
    );
  const zone = chosenZone();
  return (
    <Table
      caption="Iterations, newest first"
      rows={work.iterations}
      rowKey={({ id }) => id}
      columns={[
        { title: "Iteration", cell: (one) => <a href={link("vision", work.id, "iterations", one.id)}>{one.name}</a> },
        { title: "State", cell: (one) => <State of={one} /> },
        { title: "Published as", cell: ({ publishName }) => publishName && <Badge tone="accent">{publishName}</Badge> },
        {
          title: "Training",
          cell: ({ trainingType }) => (trainingType === "Advanced" ? "advanced" : "quick"),
          isExtra: true,
        },
        { title: "Begun", cell: ({ created }) => stamp(created, zone), isExtra: true },
      ]}
    />
  );
}

export function State({ of }: { of: Iteration }) {
  const [tone, words] = stateOf(of);
  return <StateDot tone={tone}>{words}</StateDot>;
}
