import type { Rights } from "../../api/people";
import type { Role } from "../../api/session";
import { Check, Select } from "../../ui";
import { useCameras } from "../cameras-known";

const ROLES = [
  ["viewer", "Viewer: sees numbers, events, the privacy view"],
  ["operator", "Operator: also draws lines, adds cameras, counts"],
  ["admin", "Admin: everything"],
] as const;

export const LEAST: Rights = { role: "viewer", cameras: "*", real_pixels: false };

interface Props {
  readonly rights: Rights;
  readonly onRights: (rights: Rights) => void;
}

/** What somebody, or a program, may do. */
export function RightsFields({ rights, onRights }: Props) {
  const all = useCameras().data ?? [];
  const { cameras } = rights;
  const some = cameras === "*" ? null : cameras;
  const choose = (name: string, isChosen: boolean): void => {
    const others = (some ?? []).filter((one) => one !== name);
    onRights({ ...rights, cameras: isChosen ? [...others, name] : others });
  };
  return (
    <>
      <Select
        label="Role"
        value={rights.role}
        onValue={(role) => onRights({ ...rights, role: role as Role })}
        options={ROLES}
      />
      <fieldset class="plain-fieldset">
        <legend>Cameras</legend>
        <Check
          label="All, also those to come"
          value={some === null}
          onValue={(isAll) => onRights({ ...rights, cameras: isAll ? "*" : [] })}
        />
        {some !== null &&
          all.map(({ name }) => (
            <Check key={name} label={name} value={some.includes(name)} onValue={(isChosen) => choose(name, isChosen)} />
          ))}
      </fieldset>
      <Check
        label="May see real pictures of people"
        hint="Without it people are blurred beyond recovery. Every look is written into the audit log."
        value={rights.real_pixels}
        onValue={(real_pixels) => onRights({ ...rights, real_pixels })}
      />
    </>
  );
}

/** `all`, or their names. */
export function camerasInWords(cameras: Rights["cameras"]): string {
  if (cameras === "*") return "all";
  return cameras.length > 0 ? cameras.join(", ") : "none";
}
