import { useId } from "preact/hooks";
import "./progress.css";

interface Props {
  label: string;
  /** 0 to 1; null: nobody can tell. */
  share: number | null;
  /** What is done at present, and how long it will take. */
  words?: string | undefined;
}

/** How far something is: as a bar and in words, which are said aloud when they change. */
export function Progress({ label, share, words }: Props) {
  const id = useId();
  return (
    <div class="progress">
      <label for={id} class="row spread">
        <span>{label}</span>
        {share !== null && <span class="number">{Math.floor(share * 100)} %</span>}
      </label>
      <progress id={id} max={1} {...(share !== null && { value: share })} />
      <span class="hint" role="status">
        {words}
      </span>
    </div>
  );
}
