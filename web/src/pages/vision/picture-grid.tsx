import { useRef, useState } from "preact/hooks";
import type { Tag, VisionImage } from "../../api/vision-types";
import { pictureAddress } from "../../api/vision-urls";
import { go, link, place } from "../../router";
import { contents, tagOfKey } from "./tagging";
import type { Work } from "./use-work";

interface Props {
  readonly work: Work;
  readonly images: readonly VisionImage[];
  readonly picked: ReadonlySet<string>;
  readonly onPick: (picked: ReadonlySet<string>) => void;
  readonly onTag: (tag: Tag, images: readonly VisionImage[]) => void;
}

/** Thumbnails to be chosen and opened: one stop for Tab, arrow keys from one to the next. */
export function PictureGrid({ work, images, picked, onPick, onTag }: Props) {
  const list = useRef<HTMLUListElement>(null);
  const [at, setAt] = useState(0);
  const last = useRef<number | null>(null);
  const pick = (index: number, isRange: boolean): void => {
    onPick(toggled(images, picked, index, isRange ? last.current : null));
    last.current = index;
  };
  const key = (event: KeyboardEvent): void => {
    const here = images[at];
    const tag = work.kind === "boxes" ? undefined : tagOfKey(event.key, work.tags);
    const step = stepOf(event, list.current);
    if (event.ctrlKey || event.metaKey || event.altKey || !here) return;
    if (step !== 0) focusOn(list.current, Math.min(images.length - 1, Math.max(0, at + step)));
    else if (event.key === "Enter") go(addressOf(work.id, here.id));
    else if (tag) onTag(tag, picked.size > 0 ? images.filter(({ id }) => picked.has(id)) : [here]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <p class="small quiet vision-keys">
        Arrow keys go from picture to picture, Space chooses, Enter opens
        {work.kind !== "boxes" && work.tags.length > 0 && ", digits give tags"}; Shift chooses all in between.
      </p>
      <ul class="vision-grid" ref={list} onKeyDown={key}>
        {images.map((image, index) => (
          <Thumbnail
            key={image.id}
            work={work}
            image={image}
            number={index + 1}
            isPicked={picked.has(image.id)}
            isStop={index === Math.min(at, images.length - 1)}
            onFocus={() => setAt(index)}
            onPick={(isRange) => pick(index, isRange)}
          />
        ))}
      </ul>
    </>
  );
}

interface ThumbnailProps {
  readonly work: Work;
  readonly image: VisionImage;
  readonly number: number;
  readonly isPicked: boolean;
  /** Tab stops here. */
  readonly isStop: boolean;
  readonly onFocus: () => void;
  readonly onPick: (isRange: boolean) => void;
}

function Thumbnail({ work, image, number, isPicked, isStop, onFocus, onPick }: ThumbnailProps) {
  const words = contents(image);
  return (
    <li class={isPicked ? "vision-thumb picked" : "vision-thumb"}>
      <a class="vision-open" href={addressOf(work.id, image.id)} tabIndex={-1}>
        {image.thumbnailUri ? (
          <img src={pictureAddress(image.thumbnailUri)} alt={`Open ${number}: ${words}`} loading="lazy" />
        ) : (
          <span class="quiet small">Open picture {number}: its pixels are gone</span>
        )}
      </a>
      <label class="vision-pick">
        <input
          type="checkbox"
          checked={isPicked}
          tabIndex={isStop ? 0 : -1}
          aria-label={`Picture ${number}: ${words}`}
          onFocus={onFocus}
          onClick={(event) => onPick(event.shiftKey)}
        />
      </label>
      <span class="vision-thumb-words small">{words}</span>
    </li>
  );
}

function addressOf(project: string, id: string): string {
  const query = place.value.query.size > 0 ? `?${place.value.query}` : "";
  return link("vision", project, "pictures", id) + query;
}

/** One more or less, or, from `from` on, all in between. */
function toggled(
  images: readonly VisionImage[],
  picked: ReadonlySet<string>,
  index: number,
  from: number | null,
): ReadonlySet<string> {
  const next = new Set(picked);
  const id = images[index]?.id ?? "";
  if (from !== null) {
    for (const image of images.slice(Math.min(from, index), Math.max(from, index) + 1)) next.add(image.id);
  } else if (!next.delete(id)) next.add(id);
  return next;
}

/** How many pictures an arrow key goes on. */
function stepOf(event: KeyboardEvent, list: HTMLElement | null): number {
  if (event.key === "ArrowRight") return 1;
  if (event.key === "ArrowLeft") return -1;
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return 0;
  const items = [...(list?.children ?? [])] as HTMLElement[];
  const columns = items.filter(({ offsetTop }) => offsetTop === items[0]?.offsetTop).length || 1;
  return event.key === "ArrowDown" ? columns : -columns;
}

function focusOn(list: HTMLElement | null, index: number): void {
  list?.children[index]?.querySelector("input")?.focus();
}
