import { useState } from "preact/hooks";
import { type Config, conflictOf, getConfig, saveConfig } from "../../api/config";
import type { PlaceState } from "../../api/numbers";
import { useDoing, useLoad } from "../../api/use";
import { go, link } from "../../router";
import { Button, Confirm, Dialog, ErrorNote, Field, Note, toast } from "../../ui";
import { type Door, doorsOf, keyOf } from "./door";
import { DoorFields, useChoices } from "./doors";
import { type Place, withChangedPlace, withoutPlace, withPlace } from "./place-text";

interface Props {
  /** null: a new one. */
  readonly place: PlaceState | null;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** A place: its name, and the lines and zones that are its doors. */
export function PlaceDialog({ place, onClose, onDone }: Props) {
  const [before] = useState(() => (place ? doorsOf(place) : []));
  const [name, setName] = useState(place?.name ?? "");
  const [doors, setDoors] = useState<ReadonlyMap<string, Door>>(() => new Map(before.map((one) => [keyOf(one), one])));
  const [isRemoving, setRemoving] = useState(false);
  const config = useLoad("config", getConfig);
  const choices = useChoices(before);
  const wanted = { name: name.trim(), doors: [...doors.values()] };
  const done = (): void => {
    onDone();
    onClose();
  };
  const saving = useDoing(async () => {
    if (!config.data || !(await saved(config.data, place?.name ?? null, wanted))) return;
    toast(place ? `${wanted.name} is changed` : `${wanted.name} is counted from now on`);
    done();
  });
  const choose = (key: string, door: Door | null): void => {
    const next = new Map(doors);
    if (door) next.set(key, door);
    else next.delete(key);
    setDoors(next);
  };
  if (place && isRemoving && config.data)
    return <Removal name={place.name} config={config.data} onClose={() => setRemoving(false)} onDone={done} />;
  const isRenamed = place !== null && wanted.name !== place.name;
  return (
    <Dialog title={place ? `Change ${place.name}` : "New place"} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void saving.run();
        }}
      >
        <Field
          label="Name"
          value={name}
          onValue={setName}
          placeholder="shop"
          required
          hint={isRenamed && "Under another name it begins anew, with nobody inside."}
        />
        <fieldset class="plain-fieldset stack">
          <legend>Doors: lines and zones that people pass to get in and out</legend>
          {choices?.map((choice) => {
            const key = keyOf(choice);
            const door = doors.get(key) ?? null;
            return <DoorFields key={key} choice={choice} door={door} onDoor={(one) => choose(key, one)} />;
          })}
          {choices?.length === 0 && (
            <p class="quiet">
              There is no line yet. Draw one across every door: <a href={link("cameras")}>Cameras</a>, then Lines and
              zones.
            </p>
          )}
        </fieldset>
        <ErrorNote error={config.error} />
        {conflictOf(saving.error) ? <Conflict /> : <ErrorNote error={saving.error} />}
        <div class="row spread">
          <Button
            type="submit"
            kind="main"
            isBusy={saving.isBusy}
            disabled={!config.data || !wanted.name || doors.size === 0}
          >
            {place ? "Save" : "Add place"}
          </Button>
          {place && (
            <Button icon="remove" disabled={!config.data} onClick={() => setRemoving(true)}>
              Remove place
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

function Conflict() {
  return (
    <Note tone="bad" title="Somebody else was faster">
      <p>The configuration has changed while this was open: nothing was saved. Close it, and open it again.</p>
    </Note>
  );
}

interface RemovalProps {
  readonly name: string;
  readonly config: Config;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function Removal({ name, config, onClose, onDone }: RemovalProps) {
  const removing = useDoing(async () => {
    if (await saved(config, name, null)) toast(`${name} is no longer counted`);
  });
  const told = { ...removing, error: conflictOf(removing.error) ? null : removing.error };
  return (
    <Confirm title={`Remove ${name}?`} verb="Remove place" doing={told} onClose={onClose} onDone={onDone}>
      <p>Who is inside is counted no longer. Its lines, zones and their numbers stay.</p>
      {conflictOf(removing.error) && <Conflict />}
    </Confirm>
  );
}

/** Save a new place, another one in the place of `name`, or none; or have people change the text; whether it is saved. */
async function saved(config: Config, name: string | null, place: Place | null): Promise<boolean> {
  const changed = textWith(config, name, place);
  if (changed === null) {
    go("#/configuration");
    return false;
  }
  const words = name === null ? "added" : place ? "changed" : "removed";
  await saveConfig(changed, `place ${name ?? place?.name} ${words}`, config.version);
  return true;
}

function textWith({ document, text }: Config, name: string | null, place: Place | null): string | null {
  if (!document) return null;
  if (name === null) return place && withPlace(text, place);
  return place ? withChangedPlace(text, document, name, place) : withoutPlace(text, document, name);
}
