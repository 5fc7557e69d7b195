import { useState } from "preact/hooks";
import { Button, FileDrop, Note, Progress } from "../../ui";
import { PICTURE_TYPES } from "./batches";
import { TagChips } from "./tag-chips";
import { useUpload } from "./use-upload";
import type { Work } from "./use-work";
import { pictures } from "./words";

/** Where pictures come in, with the tags that all of them get. */
export function UploadCard({ work, onArrival }: { work: Work; onArrival: () => void }) {
  const upload = useUpload(work.id, onArrival);
  const [given, setGiven] = useState<readonly string[]>([]);
  const press = (id: string): void => {
    if (given.includes(id)) setGiven(given.filter((one) => one !== id));
    else setGiven(work.kind === "many" ? [...given, id] : [id]);
  };
  const start = async (files: readonly File[]): Promise<void> => {
    await upload.start(files, given);
    await work.reload();
  };
  return (
    <div class="stack">
      <FileDrop
        label="Add pictures"
        hint="Drop them here, or press to choose: JPEG, PNG, BMP or GIF, at most 6 MB each."
        accept={PICTURE_TYPES}
        isMany
        disabled={upload.isBusy}
        onFiles={(files) => void start(files)}
      />
      {work.kind !== "boxes" && work.tags.length > 0 && (
        <TagChips
          label="Tag of what you add"
          tags={work.tags}
          mark={(id) => (given.includes(id) ? "all" : "none")}
          onPress={({ id }) => press(id)}
        />
      )}
      {upload.isBusy && (
        <div class="vision-inline">
          <Progress
            label="Uploading"
            share={upload.done / upload.total}
            words={`${upload.done} of ${pictures(upload.total)}`}
          />
          <Button onClick={upload.stop}>Stop</Button>
        </div>
      )}
      {!upload.isBusy && upload.taken > 0 && <Note tone="good">{pictures(upload.taken)} added.</Note>}
      {upload.refused.length > 0 && (
        <Note tone="warn" title={`${pictures(upload.refused.length)} not added`}>
          <ul class="vision-refused">
            {upload.refused.map(({ name, words }) => (
              <li key={name}>
                {name} {words}
              </li>
            ))}
          </ul>
        </Note>
      )}
    </div>
  );
}
