import { useEffect, useRef, useState } from "preact/hooks";
import { type Loaded, useLoad } from "../api/use";
import { getPicture } from "../api/vision";
import type { VisionImage } from "../api/vision-types";
import { go, link, place } from "../router";
import type { PageProps } from "../routes";
import { Empty, IconButton, Page } from "../ui";
import { Shown } from "./shown";
import { BoxEditor } from "./vision/boxes/box-editor";
import { RemovePictures } from "./vision/chosen-bar";
import { neighbours, queue, useQueue } from "./vision/queue";
import { TagPicture } from "./vision/tag-picture";
import { useWork, type Work } from "./vision/use-work";
import "./vision/vision.css";

/** One picture: its tags, or the boxes in it. */
export default function VisionPicturePage({ params: { project = "", picture = "" } }: PageProps) {
  const work = useWork(project);
  const image = useLoad(picture, (signal) => getPicture(project, picture, signal));
  const [isLeaving, setLeaving] = useState(false);
  const beforeLeaving = useRef<() => Promise<boolean>>(async () => true);
  const list = link("vision", project) + search();
  const ids = useQueue(project, picture);
  const to = async (where: string): Promise<void> => {
    if (await beforeLeaving.current()) go(where);
  };
  const gone = (): void => {
    const { before, after } = neighbours(ids, picture);
    queue.value = { project, ids: ids.filter((id) => id !== picture) };
    go(after || before ? addressOf(project, after ?? before ?? "") : list, { replace: true });
  };
  return (
    <Page
      title={titleOf(ids, picture)}
      back={[list, work.data?.project.name ?? "Project"]}
      isWide
      actions={
        <>
          <Steps ids={ids} picture={picture} onGo={(id) => void to(addressOf(project, id))} />
          <IconButton
            icon="remove"
            label="Delete this picture"
            disabled={!image.data}
            onClick={() => setLeaving(true)}
          />
        </>
      }
    >
      <Shown of={work}>
        {(present) => (
          <>
            <Body work={present} image={image} beforeLeaving={beforeLeaving} />
            {isLeaving && image.data && (
              <RemovePictures work={present} images={[image.data]} onClose={() => setLeaving(false)} onDone={gone} />
            )}
          </>
        )}
      </Shown>
    </Page>
  );
}

interface BodyProps {
  readonly work: Work;
  readonly image: Loaded<VisionImage | null>;
  readonly beforeLeaving: { current: () => Promise<boolean> };
}

function Body({ work, image, beforeLeaving }: BodyProps) {
  return (
    <Shown of={image}>
      {(found) => {
        if (!found) return <Empty title="This picture is no longer there." />;
        if (work.kind === "boxes")
          return <BoxEditor work={work} image={found} beforeLeaving={beforeLeaving} onSave={image.reload} />;
        return <TagPicture work={work} image={found} onChange={() => void image.reload()} />;
      }}
    </Shown>
  );
}

interface StepsProps {
  readonly ids: readonly string[];
  readonly picture: string;
  readonly onGo: (id: string) => void;
}

/** To the picture before and after, in the order of the list; also by Page Up and Page Down. */
function Steps({ ids, picture, onGo }: StepsProps) {
  const { before, after } = neighbours(ids, picture);
  const latest = useRef({ before, after, onGo });
  latest.current = { before, after, onGo };
  useEffect(() => {
    const key = (event: KeyboardEvent): void => {
      const { PageUp, PageDown } = { PageUp: latest.current.before, PageDown: latest.current.after };
      const id = { PageUp, PageDown }[event.key];
      if (!id || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      latest.current.onGo(id);
    };
    document.addEventListener("keydown", key);
    return () => document.removeEventListener("keydown", key);
  }, []);
  if (!before && !after) return null;
  return (
    <>
      <IconButton icon="back" label="Picture before (Page Up)" disabled={!before} onClick={() => onGo(before ?? "")} />
      <IconButton icon="arrow" label="Next picture (Page Down)" disabled={!after} onClick={() => onGo(after ?? "")} />
    </>
  );
}

function titleOf(ids: readonly string[], id: string): string {
  const at = ids.indexOf(id);
  return at < 0 ? "Picture" : `Picture ${at + 1} of ${ids.length}`;
}

const search = (): string => (place.value.query.size > 0 ? `?${place.value.query}` : "");
const addressOf = (project: string, id: string): string => link("vision", project, "pictures", id) + search();
