import { useEffect, useState } from "preact/hooks";
import { predictionDays } from "../../api/session";
import { useLoad } from "../../api/use";
import { quickTest } from "../../api/vision-models";
import type { Iteration } from "../../api/vision-types";
import { Check, Empty, ErrorNote, FileDrop, Note, Range, Select, Spinner } from "../../ui";
import type { Size } from "../regions/geometry";
import { MOST_TEST_BYTES, PICTURE_TYPES, refusalOf } from "./batches";
import { Told } from "./told";
import type { Work } from "./use-work";
import { days } from "./words";

/** A picture in, what a model tells about it out. */
export function QuickTest({ work }: { work: Work }) {
  const trained = work.iterations.filter(({ status }) => status === "Completed");
  if (trained.length === 0)
    return (
      <Empty title="Nothing to test yet.">
        <p>Train first; then drop a picture here that the model has never seen.</p>
      </Empty>
    );
  return <Test work={work} trained={trained} />;
}

interface Picture extends Size {
  readonly url: string;
  readonly file: File;
}

function Test({ work, trained }: { work: Work; trained: readonly Iteration[] }) {
  const [chosen, setIteration] = useState("");
  const iteration = trained.some(({ id }) => id === chosen) ? chosen : (trained[0]?.id ?? "");
  const [isKept, setKept] = useState(false);
  const [picture, setPicture] = useState<Picture | null>(null);
  const [refused, setRefused] = useState("");
  useEffect(() => () => URL.revokeObjectURL(picture?.url ?? ""), [picture]);
  const take = async ([file]: readonly File[]): Promise<void> => {
    if (!file) return;
    const words = refusalOf(file, MOST_TEST_BYTES);
    setRefused(words ? `${file.name} ${words}.` : "");
    setPicture(words ? null : await shown(file));
  };
  return (
    <div class="stack">
      <div class="choices">
        <Select
          label="Iteration"
          value={iteration}
          onValue={setIteration}
          options={trained.map(({ id, name, publishName }) => [id, publishName ? `${name} (${publishName})` : name])}
        />
        {predictionDays() > 0 && (
          <Check
            label="Keep picture and answer"
            hint={`In Predictions, for ${days(predictionDays())}. Otherwise nothing is written.`}
            value={isKept}
            onValue={setKept}
          />
        )}
      </div>
      <FileDrop
        label="Test a picture"
        hint="Drop it here, or press to choose: at most 4 MB."
        accept={PICTURE_TYPES}
        onFiles={(files) => void take(files)}
      />
      {refused && <Note tone="warn">{refused}</Note>}
      {picture && <Result work={work} picture={picture} iteration={iteration} isKept={isKept} />}
    </div>
  );
}

interface ResultProps {
  readonly work: Work;
  readonly picture: Picture;
  readonly iteration: string;
  readonly isKept: boolean;
}

/** Asked once for every picture and iteration. */
function Result({ work, picture, iteration, isKept }: ResultProps) {
  const [threshold, setThreshold] = useState(0.5);
  const answer = useLoad(`${picture.url} ${iteration}`, () => quickTest(work.id, iteration, picture.file, isKept));
  return (
    <>
      {work.kind === "boxes" && (
        <Range
          label="Threshold"
          value={threshold}
          onValue={setThreshold}
          hint="Boxes that are less likely are not shown."
        />
      )}
      <ErrorNote error={answer.error} />
      <Told
        kind={work.kind}
        src={picture.url}
        alt={`Your picture: ${picture.file.name}`}
        size={picture}
        predictions={answer.data?.predictions ?? []}
        threshold={threshold}
      />
      {answer.isLoading && <Spinner label="The model looks at it" />}
    </>
  );
}

/** The picture as this page shows it; a square where the browser cannot read it. */
async function shown(file: File): Promise<Picture> {
  const url = URL.createObjectURL(file);
  const image = new Image();
  image.src = url;
  const isRead = await image.decode().then(
    () => true,
    () => false,
  );
  return { url, file, width: isRead ? image.naturalWidth : 1, height: isRead ? image.naturalHeight : 1 };
}
