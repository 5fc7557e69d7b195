import { useEffect, useState } from "preact/hooks";
import { useLoad } from "../../api/use";
import { countPictures, listPictures, type PictureFilter } from "../../api/vision";
import type { VisionImage } from "../../api/vision-types";
import { Button, Empty, ErrorNote, Select } from "../../ui";
import { useCameras } from "../cameras-known";
import { choose, chosen } from "../choice";
import { Shown } from "../shown";
import { ChosenBar } from "./chosen-bar";
import { PictureGrid } from "./picture-grid";
import { chosenFilter, queue } from "./queue";
import { UploadCard } from "./upload-card";
import { useTagging } from "./use-tagging";
import type { Work } from "./use-work";
import { pictures } from "./words";

const PAGE = 60;
const SHOWN = [
  ["", "All pictures"],
  ["Tagged", "With tags"],
  ["Untagged", "Without tags"],
] as const;

/** The pictures of a project: adding, choosing, tagging and deleting them. */
export function Pictures({ work }: { work: Work }) {
  const filter = chosenFilter();
  const [count, setCount] = useState(PAGE);
  const key = JSON.stringify([work.id, filter]);
  const list = useLoad(key, (signal) => listPictures(work.id, filter, count, signal));
  const total = useLoad(`${key} count`, (signal) => countPictures(work.id, filter, signal));
  const reload = (): void => {
    void list.reload();
    void total.reload();
  };
  useEffect(() => {
    if (count > PAGE) void list.reload();
  }, [count, list.reload]);
  useEffect(() => {
    queue.value = { project: work.id, ids: (list.data ?? []).map(({ id }) => id) };
  }, [list.data, work.id]);
  return (
    <div class="stack">
      <UploadCard work={work} onArrival={reload} />
      <Filters work={work} filter={filter} total={total.data} />
      <Shown of={list}>
        {(images) =>
          images.length > 0 ? <Chosen key={key} work={work} images={images} onChange={reload} /> : <Nothing />
        }
      </Shown>
      {(list.data?.length ?? 0) < (total.data ?? 0) && list.data && (
        <div class="row">
          <Button onClick={() => setCount(count + PAGE)}>Show more</Button>
        </div>
      )}
    </div>
  );
}

function Filters({ work, filter, total }: { work: Work; filter: PictureFilter; total: number | undefined }) {
  const cameras = useCameras().data ?? [];
  return (
    <div class="choices">
      <Select
        label="Show"
        value={filter.taggingStatus === "All" ? "" : filter.taggingStatus}
        onValue={(show) => choose({ show, ...(show === "Untagged" && { tag: "" }) })}
        options={SHOWN}
      />
      <Select
        label="Tag"
        value={filter.tag}
        disabled={filter.taggingStatus === "Untagged"}
        onValue={(tag) => choose({ tag })}
        options={[["", "All tags"], ...work.tags.map(({ id, name }) => [id, name] as const)]}
      />
      {cameras.length > 0 && (
        <Select
          label="From"
          value={filter.camera}
          onValue={(camera) => choose({ camera })}
          options={[["", "Anywhere"], ...cameras.map(({ name }) => [name, `Camera ${name}`] as const)]}
        />
      )}
      <p class="vision-count quiet" role="status">
        {total === undefined ? "" : pictures(total)}
      </p>
    </div>
  );
}

function Nothing() {
  if (chosen("show") || chosen("tag") || chosen("camera")) return <Empty title="No picture is like that." />;
  return (
    <Empty title="No picture yet.">
      <p>Name what your model is to tell under Tags, then add pictures of each of them here.</p>
    </Empty>
  );
}

interface ChosenProps {
  readonly work: Work;
  readonly images: readonly VisionImage[];
  readonly onChange: () => void;
}

function Chosen({ work, images, onChange }: ChosenProps) {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const tagging = useTagging(work, onChange);
  const chosenOnes = images.filter(({ id }) => picked.has(id));
  const gone = (): void => {
    setPicked(new Set());
    onChange();
    void work.reload();
  };
  return (
    <>
      <PictureGrid work={work} images={images} picked={picked} onPick={setPicked} onTag={tagging.press} />
      <ErrorNote error={tagging.error} />
      {chosenOnes.length > 0 && (
        <ChosenBar
          work={work}
          images={chosenOnes}
          tagging={tagging}
          onNone={() => setPicked(new Set())}
          onGone={gone}
        />
      )}
    </>
  );
}
