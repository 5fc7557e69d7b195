import { useId } from "preact/hooks";
import "./range.css";

interface Props {
  label: string;
  /** 0 to 1. */
  value: number;
  onValue: (value: number) => void;
  hint?: string;
}

/** A share from 0 to 100 per cent, on a slider. */
export function Range({ label, value, onValue, hint }: Props) {
  const id = useId();
  return (
    <div class="range">
      <label for={id}>{label}</label>
      <output for={id}>{Math.round(value * 100)} %</output>
      <input
        id={id}
        type="range"
        min={0}
        max={100}
        step={1}
        value={Math.round(value * 100)}
        aria-valuetext={`${Math.round(value * 100)} per cent`}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onInput={(event) => onValue(Number(event.currentTarget.value) / 100)}
      />
      {hint && (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}
