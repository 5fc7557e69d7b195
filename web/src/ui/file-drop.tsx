import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "./icon";
import "./file-drop.css";

interface Props {
  /** What is to be chosen: the name of the input. */
  label: string;
  hint?: ComponentChildren;
  /** Media types, comma-separated, as the file picker wants them. */
  accept: string;
  isMany?: boolean;
  disabled?: boolean;
  onFiles: (files: File[]) => void;
}

/** Files by dropping them here, or, by mouse, finger or keyboard, from the file picker. */
export function FileDrop({ label, hint, accept, isMany = false, disabled = false, onFiles }: Props) {
  const [isOver, setOver] = useState(false);
  const give = (files: FileList | null | undefined): void => {
    const all = [...(files ?? [])];
    if (all.length > 0 && !disabled) onFiles(isMany ? all : all.slice(0, 1));
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    give(event.dataTransfer?.files);
  };
  const over = (event: DragEvent): void => {
    event.preventDefault();
    setOver(!disabled);
  };
  const chosen = (event: Event): void => {
    const input = event.currentTarget as HTMLInputElement;
    give(input.files);
    input.value = "";
  };
  return (
    <label
      class={isOver ? "file-drop over" : "file-drop"}
      onDragEnter={over}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Icon name="upload" />
      <span>
        <strong>{label}</strong>
        {hint && <span class="hint">{hint}</span>}
      </span>
      <input type="file" class="spoken" accept={accept} multiple={isMany} disabled={disabled} onChange={chosen} />
    </label>
  );
}
