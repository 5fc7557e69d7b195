import type { Rule } from "../../api/regions";
import { Check } from "../../ui";
import { changed, type Ref, refKey } from "./drawing";
import type { Editor } from "./use-editor";

type Kind = Extract<Rule, string>;

const USUAL: readonly Kind[] = ["count", "crossing", "dwell"];
const ALIASES: Partial<Record<Kind, Kind>> = {
  zonecrossing: "crossing",
  enter: "crossing",
  exit: "crossing",
  zonedwelltime: "dwell",
  persondistance: "distance",
};
const WORDS: readonly (readonly [Kind, string, string])[] = [
  ["count", "How many are in it", ""],
  ["crossing", "Who comes and goes", ""],
  ["dwell", "How long people stay", ""],
  ["distance", "How near people stand to each other", "Needs a floor that is measured or learnt."],
];

/** What a zone tells of. Rules with settings of their own stay as they are. */
export function ZoneRules({ editor, of }: { editor: Editor; of: Ref }) {
  const zone = editor.drawing.zones[of.index];
  if (!zone) return null;
  const rules: readonly Rule[] = zone.events ?? USUAL;
  const change = (kind: Kind, isOn: boolean): void => {
    const events = isOn ? [...rules, kind] : rules.filter((rule) => kindOf(rule) !== kind);
    editor.change(changed(editor.drawing, of, { events: asUsual(events) }), `rules-${refKey(of)}-${kind}`);
  };
  return (
    <fieldset>
      <legend>Tells</legend>
      {WORDS.map(([kind, words, hint]) => (
        <Check
          key={kind}
          label={words}
          hint={hint}
          value={rules.some((rule) => kindOf(rule) === kind)}
          onValue={(isOn) => change(kind, isOn)}
        />
      ))}
    </fieldset>
  );
}

function kindOf(rule: Rule): Kind {
  const name = typeof rule === "string" ? rule : rule.type;
  return ALIASES[name] ?? name;
}

/** null where it is what a zone tells anyway. */
function asUsual(rules: readonly Rule[]): readonly Rule[] | null {
  const isUsual = rules.length === USUAL.length && USUAL.every((name) => rules.includes(name));
  return isUsual ? null : rules;
}
