import { useState } from "preact/hooks";
import { useLoad } from "../../api/use";
import { listImagePerformances } from "../../api/vision-models";
import type { ImagePerformance, Iteration, Prediction } from "../../api/vision-types";
import { pictureAddress } from "../../api/vision-urls";
import { link } from "../../router";
import { Card, Dialog, LinkButton, Note } from "../../ui";
import { Shown } from "../shown";
import { BoxesShown } from "./boxes/boxes-shown";
import { PictureStage } from "./picture-stage";
import { Scores } from "./scores";
import { tally } from "./tagging";
import type { Work } from "./use-work";
import { isWrong, judge, type Least, type Verdict } from "./verdict";
import { percent, pictures } from "./words";

const MOST_JUDGED = 1024;
const MOST_SHOWN = 60;

interface Props {
  readonly work: Work;
  readonly iteration: Iteration;
  readonly least: Least;
}

interface Judged {
  readonly image: ImagePerformance;
  readonly verdict: Verdict;
}

/** The pictures that an iteration got wrong while they were held out. */
export function WrongPictures({ work, iteration, least }: Props) {
  const loaded = useLoad(iteration.id, (signal) => listImagePerformances(work.id, iteration.id, MOST_JUDGED, signal));
  const [open, setOpen] = useState<Judged | null>(null);
  return (
    <Card title="Where it was wrong">
      <Shown of={loaded}>
        {(all) => {
          const wrong = all
            .map((image) => ({ image, verdict: judge(image, work.kind, least) }))
            .filter(({ verdict }) => isWrong(verdict));
          if (wrong.length === 0) return <Note tone="good">All {pictures(all.length)} right at this threshold.</Note>;
          return (
            <>
              <p>
                {wrong.length} of {pictures(all.length)}. A look often shows a wrong tag, or what is missing among your
                pictures.{wrong.length > MOST_SHOWN && ` Here are the first ${MOST_SHOWN}.`}
              </p>
              <ul class="vision-grid">
                {wrong.slice(0, MOST_SHOWN).map((one) => (
                  <Thumbnail key={one.image.id} judged={one} onOpen={() => setOpen(one)} />
                ))}
              </ul>
            </>
          );
        }}
      </Shown>
      {open && <OneWrong work={work} judged={open} least={least} onClose={() => setOpen(null)} />}
    </Card>
  );
}

function Thumbnail({ judged: { image, verdict }, onOpen }: { judged: Judged; onOpen: () => void }) {
  return (
    <li class="vision-thumb">
      <button type="button" class="vision-open" onClick={onOpen}>
        {image.thumbnailUri && <img src={pictureAddress(image.thumbnailUri)} alt="" loading="lazy" />}
        <span class="vision-thumb-words small">{inWords(verdict)}</span>
      </button>
    </li>
  );
}

/** `Missed: mask. Invented: no mask (83 %).`; of many, how many: `Missed: 2 fork. Invented: 3 knife, 1 fork.` */
function inWords({ missed, invented }: Verdict): string {
  const name = ({ tagName }: Prediction): string => tagName ?? "?";
  const [only] = invented.length === 1 ? invented : [];
  const told = only ? `${name(only)} (${percent(only.probability)})` : tally(invented.map(name));
  const left = missed.length === 1 ? missed[0] : tally(missed);
  return [left && `Missed: ${left}.`, told && `Invented: ${told}.`].filter(Boolean).join(" ");
}

interface OneProps {
  readonly work: Work;
  readonly judged: Judged;
  readonly least: Least;
  readonly onClose: () => void;
}

function OneWrong({ work, judged: { image, verdict }, least, onClose }: OneProps) {
  const told = (image.predictions ?? []).filter(({ probability }) => probability >= least.threshold);
  const boxes = [
    ...(image.regions ?? []).map((box) => ({ box, words: box.tagName, by: "true" as const })),
    ...told.flatMap(({ boundingBox, tagName, probability }) =>
      boundingBox
        ? [{ box: boundingBox, words: `${tagName ?? "?"} ${percent(probability)}`, by: "told" as const }]
        : [],
    ),
  ];
  const open = (
    <LinkButton to={link("vision", work.id, "pictures", image.id)} icon="edit">
      Correct its tags
    </LinkButton>
  );
  return (
    <Dialog title="What was told" onClose={onClose} actions={open} isWide>
      <p>{inWords(verdict)}</p>
      {work.kind === "boxes" && <p class="small quiet">Dashed: drawn by people. Full lines: told by the model.</p>}
      <PictureStage
        src={image.imageUri}
        alt=""
        width={image.width}
        height={image.height}
        label="The picture with boxes"
      >
        {(size) => <BoxesShown boxes={boxes} size={size} />}
      </PictureStage>
      {work.kind !== "boxes" && <Scores predictions={image.predictions ?? []} />}
    </Dialog>
  );
}
