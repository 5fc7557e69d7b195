import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import "./field.css";

interface Common {
  label: string;
  /** Said below it, always visible. */
  hint?: ComponentChildren;
  /** What is wrong with it. */
  problem?: string | undefined;
}

type InputType = "text" | "password" | "number" | "url" | "date" | "time" | "datetime-local" | "search";

interface FieldProps extends Common {
  value: string;
  onValue: (value: string) => void;
  type?: InputType;
  placeholder?: string;
  autocomplete?: string;
  required?: boolean;
  disabled?: boolean;
  autofocus?: boolean;
  min?: number | string;
  max?: number | string;
  step?: number | string;
  minLength?: number;
}

/** A labelled input. */
export function Field({ label, hint, problem, value, onValue, type = "text", ...rest }: FieldProps) {
  return (
    <Labelled label={label} hint={hint} problem={problem}>
      {(ids) => (
        <input
          {...rest}
          {...ids}
          type={type as "text"}
          value={value}
          spellcheck={false}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Labelled>
  );
}

interface SelectProps extends Common {
  value: string;
  onValue: (value: string) => void;
  /** Value and words. */
  options: readonly (readonly [string, string])[];
  disabled?: boolean;
}

export function Select({ label, hint, problem, value, onValue, options, disabled }: SelectProps) {
  return (
    <Labelled label={label} hint={hint} problem={problem}>
      {(ids) => (
        <select
          {...ids}
          value={value}
          disabled={disabled ?? false}
          onChange={(event) => onValue(event.currentTarget.value)}
        >
          {options.map(([key, words]) => (
            <option key={key} value={key}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

interface TextAreaProps extends Common {
  value: string;
  onValue: (value: string) => void;
  rows?: number;
  isCode?: boolean;
}

export function TextArea({ label, hint, problem, value, onValue, rows = 4, isCode = false }: TextAreaProps) {
  return (
    <Labelled label={label} hint={hint} problem={problem}>
      {(ids) => (
        <textarea
          {...ids}
          class={isCode ? "code" : ""}
          rows={rows}
          spellcheck={false}
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Labelled>
  );
}

interface CheckProps {
  label: ComponentChildren;
  hint?: ComponentChildren;
  value: boolean;
  onValue: (value: boolean) => void;
  disabled?: boolean;
}

/** A check box with its words beside it. */
export function Check({ label, hint, value, onValue, disabled }: CheckProps) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={value}
        disabled={disabled ?? false}
        onChange={(event) => onValue(event.currentTarget.checked)}
      />
      <span>
        {label}
        {hint && <span class="hint">{hint}</span>}
      </span>
    </label>
  );
}

interface Ids {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": "true" | undefined;
}

function Labelled({ label, hint, problem, children }: Common & { children: (ids: Ids) => ComponentChildren }) {
  const id = useId();
  const about = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, "aria-describedby": about || undefined, "aria-invalid": problem ? "true" : undefined })}
      {hint && (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {problem && (
        <span class="problem" id={`${id}-problem`}>
          {problem}
        </span>
      )}
    </div>
  );
}
