import { useRef, useState } from "preact/hooks";
import { useLoad } from "../../api/use";
import { listTags } from "../../api/vision";
import { getPerformance } from "../../api/vision-models";
import type { Iteration, Performance as Measured, Tag, TagPerformance } from "../../api/vision-types";
import { Card, ErrorNote, Range, Spinner, Table } from "../../ui";
import { useSettled } from "./use-settled";
import type { Work } from "./use-work";
import { type Kind, percent } from "./words";
import { WrongPictures } from "./wrong-pictures";

const USUAL = { threshold: 0.5, overlap: 0.3 };
const SETTLED_MS = 200;

/** How good an iteration is, for every threshold, and where it was wrong. */
export function Performance({ work, iteration }: { work: Work; iteration: Iteration }) {
  const [least, setLeast] = useState(USUAL);
  const { threshold, overlap } = useSettled(least, SETTLED_MS);
  const key = JSON.stringify([iteration.id, threshold, overlap]);
  const loaded = useLoad(key, (signal) => getPerformance(work.id, iteration.id, threshold, overlap, signal));
  const tags = useLoad(iteration.id, (signal) => listTags(work.id, signal, iteration.id));
  const last = useRef<Measured | undefined>(undefined);
  if (loaded.data) last.current = loaded.data;
  return (
    <>
      <Card title="How good it is">
        <p class="quiet">
          Measured on your own pictures, each by a model that had not seen it. Few pictures make rough figures.
        </p>
        <div class="vision-ranges">
          <Range
            label="Threshold"
            value={least.threshold}
            onValue={(value) => setLeast({ ...least, threshold: value })}
            hint="What is less likely does not count as told."
          />
          {work.kind === "boxes" && (
            <Range
              label="Overlap"
              value={least.overlap}
              onValue={(value) => setLeast({ ...least, overlap: value })}
              hint="A box that covers less of the true one does not count as found."
            />
          )}
        </div>
        <ErrorNote error={loaded.error} />
        {last.current ? (
          <Figures of={last.current} kind={work.kind} tags={tags.data ?? []} />
        ) : (
          loaded.isLoading && <Spinner />
        )}
      </Card>
      <WrongPictures work={work} iteration={iteration} least={{ threshold, overlap }} />
    </>
  );
}

interface FiguresProps {
  readonly of: Measured;
  readonly kind: Kind;
  /** As they were when it was trained. */
  readonly tags: readonly Tag[];
}

function Figures({ of, kind, tags }: FiguresProps) {
  return (
    <>
      <dl class="vision-figures">
        <Figure
          title="Precision"
          value={of.precision}
          spread={of.precisionStdDeviation}
          words="of what it tells is right"
        />
        <Figure title="Recall" value={of.recall} spread={of.recallStdDeviation} words="of what is there, it tells" />
        {of.averagePrecision !== null && (
          <Figure title={kind === "boxes" ? "mAP" : "AP"} value={of.averagePrecision} words="over all thresholds" />
        )}
      </dl>
      <Table
        caption="Tag by tag"
        rows={of.perTagPerformance}
        rowKey={({ id }) => id}
        columns={[
          { title: "Tag", cell: ({ name }) => <span class="vision-tag">{name}</span> },
          { title: "Precision", cell: ({ precision }) => percent(precision), isNumber: true },
          { title: "Recall", cell: ({ recall }) => percent(recall), isNumber: true },
          { title: "AP", cell: averagePrecision, isNumber: true },
          { title: "Pictures", cell: ({ id }) => countOf(tags, id), isNumber: true, isExtra: true },
        ]}
      />
    </>
  );
}

interface FigureProps {
  readonly title: string;
  readonly value: number;
  readonly spread?: number;
  readonly words: string;
}

function Figure({ title, value, spread = 0, words }: FigureProps) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        <span class="big-number">{percent(value)}</span>
        {spread > 0.005 && <span class="quiet"> ± {Math.round(spread * 100)}</span>}
        <span class="quiet small">{words}</span>
      </dd>
    </div>
  );
}

const averagePrecision = ({ averagePrecision: value }: TagPerformance): string =>
  value === null ? "–" : percent(value);
const countOf = (tags: readonly Tag[], id: string): string =>
  String(tags.find((tag) => tag.id === id)?.imageCount ?? "–");
