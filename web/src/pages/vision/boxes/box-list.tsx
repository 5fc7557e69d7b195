import type { Tag } from "../../../api/vision-types";
import { Empty, IconButton } from "../../../ui";
import type { Boxes } from "./use-boxes";

/** The same boxes as a list: which tag they have, and away with one. */
export function BoxList({ boxes, tags }: { boxes: Boxes; tags: readonly Tag[] }) {
  return (
    <div class="stack">
      {tags.length > 0 && (
        <TagSelect label="Tag of the next box" tags={tags} value={boxes.tagId} onValue={boxes.chooseTag} />
      )}
      {boxes.all.length === 0 && <Empty title="No box yet." />}
      <ul class="vision-boxes">
        {boxes.all.map((box, at) => (
          <li key={at} class={boxes.selected === at ? "selected" : undefined}>
            <TagSelect
              label={`Box ${at + 1}`}
              tags={tags}
              value={box.tagId}
              onValue={(tagId) => boxes.put(at, { ...box, tagId })}
              onFocus={() => boxes.select(at)}
            />
            <IconButton icon="remove" label={`Delete box ${at + 1}`} onClick={() => boxes.remove(at)} />
          </li>
        ))}
      </ul>
    </div>
  );
}

interface SelectProps {
  readonly label: string;
  readonly tags: readonly Tag[];
  readonly value: string;
  readonly onValue: (tagId: string) => void;
  readonly onFocus?: () => void;
}

function TagSelect({ label, tags, value, onValue, onFocus }: SelectProps) {
  return (
    <label class="vision-tag-select">
      <span class="small">{label}</span>
      <select value={value} onFocus={onFocus} onChange={(event) => onValue(event.currentTarget.value)}>
        {tags.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
