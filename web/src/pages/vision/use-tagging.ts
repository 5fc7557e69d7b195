// Giving and taking tags, one press at a time.

import { useRef } from "preact/hooks";
import type { ApiError } from "../../api/client";
import { useDoing } from "../../api/use";
import { tagPictures, untagPictures } from "../../api/vision";
import type { Tag, VisionImage } from "../../api/vision-types";
import { type Plan, planned } from "./tagging";
import type { Work } from "./use-work";

export interface TagDoing {
  readonly isBusy: boolean;
  readonly error: ApiError | null;
  readonly press: (tag: Tag, images: readonly VisionImage[]) => void;
}

/** onChange: called when pictures have other tags than before. */
export function useTagging(work: Work, onChange: () => void): TagDoing {
  const plan = useRef<Plan>({ add: [], drop: [], dropFrom: [] });
  const doing = useDoing(async () => {
    const { add, drop, dropFrom } = plan.current;
    if (drop.length > 0) await untagPictures(work.id, dropFrom, drop);
    if (add.length > 0) await tagPictures(work.id, add);
  });
  const press = (tag: Tag, images: readonly VisionImage[]): void => {
    if (images.length === 0 || doing.isBusy) return;
    plan.current = planned(images, tag, work.tags, work.kind);
    void doing.run().then(() => {
      onChange();
      return work.reload();
    });
  };
  return { isBusy: doing.isBusy, error: doing.error, press };
}
