import { useLayoutEffect, useRef } from "preact/hooks";
import type { VisionImage } from "../../api/vision-types";
import { Card, ErrorNote } from "../../ui";
import { PictureFacts } from "./picture-facts";
import { PictureStage } from "./picture-stage";
import { TagChips } from "./tag-chips";
import { contents, markOf, tagOfKey } from "./tagging";
import { NewTag } from "./tags";
import { useTagging } from "./use-tagging";
import type { Work } from "./use-work";

interface Props {
  readonly work: Work;
  readonly image: VisionImage;
  readonly onChange: () => void;
}

/** One picture, large, and the tags that it may have. */
export function TagPicture({ work, image, onChange }: Props) {
  const tagging = useTagging(work, onChange);
  const room = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => room.current?.focus({ preventScroll: true }), []);
  const key = (event: KeyboardEvent): void => {
    const tag = tagOfKey(event.key, work.tags);
    const isText = event.target instanceof HTMLInputElement;
    if (!tag || isText || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    tagging.press(tag, [image]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: digits that work wherever the focus is in here
    <div class="vision-work" ref={room} tabIndex={-1} onKeyDown={key}>
      <PictureStage
        src={image.resizedImageUri || image.originalImageUri}
        alt={`The picture: ${contents(image)}`}
        width={image.width}
        height={image.height}
      />
      <div class="stack">
        <Card title="Tags">
          {work.tags.length > 0 && (
            <TagChips
              label="Press, or use digits"
              tags={work.tags}
              mark={(id) => markOf([image], id)}
              onPress={(tag) => tagging.press(tag, [image])}
              disabled={tagging.isBusy}
              hasKeys
            />
          )}
          <ErrorNote error={tagging.error} />
          <NewTag work={work} />
        </Card>
        <PictureFacts image={image} />
      </div>
    </div>
  );
}
