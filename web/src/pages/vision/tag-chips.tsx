import type { Tag } from "../../api/vision-types";
import type { Mark } from "./tagging";

interface Props {
  readonly label: string;
  readonly tags: readonly Tag[];
  readonly mark: (tagId: string) => Mark;
  readonly onPress: (tag: Tag) => void;
  /** Digits stand beside the tags that they give. */
  readonly hasKeys?: boolean;
  readonly disabled?: boolean;
}

const PRESSED = { all: "true", some: "mixed", none: "false" } as const;

/** Tags to be pressed: on, off, or on for some of the chosen pictures. */
export function TagChips({ label, tags, mark, onPress, hasKeys = false, disabled = false }: Props) {
  return (
    <fieldset class="plain-fieldset">
      <legend>{label}</legend>
      <div class="vision-chips">
        {tags.map((tag, at) => (
          <button
            key={tag.id}
            type="button"
            class="vision-chip"
            aria-pressed={PRESSED[mark(tag.id)]}
            disabled={disabled}
            onClick={() => onPress(tag)}
          >
            {hasKeys && at < 9 && <kbd>{at + 1}</kbd>}
            {tag.name}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
