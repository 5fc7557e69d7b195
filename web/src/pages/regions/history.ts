// Undo and redo. Changes that follow one another under the same tag (a drag, typing a name) are one step.

export interface History<T> {
  past: readonly T[];
  present: T;
  future: readonly T[];
  tag: string;
}

const LONGEST = 200;

export const begun = <T>(present: T): History<T> => ({ past: [], present, future: [], tag: "" });

/** The next state; an empty tag always is a step of its own. */
export function advanced<T>(history: History<T>, present: T, tag = ""): History<T> {
  if (present === history.present) return history;
  const goesOn = tag !== "" && tag === history.tag;
  const past = goesOn ? history.past : [...history.past, history.present].slice(-LONGEST);
  return { past, present, future: [], tag };
}

export function undone<T>(history: History<T>): History<T> {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  return { past: history.past.slice(0, -1), present: before, future: [history.present, ...history.future], tag: "" };
}

export function redone<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future, tag: "" };
}
