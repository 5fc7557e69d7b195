import { useState } from "preact/hooks";
import { getConfig, saveConfig } from "../../api/config";
import { useDoing } from "../../api/use";
import { go, link } from "../../router";
import { Button, Check, Dialog, ErrorNote, Field, Select, toast } from "../../ui";
import { useCameras, useDrawings } from "../cameras-known";
import { type Door, isTurned, withPlace } from "./new-place";

interface Props {
  readonly onClose: () => void;
  readonly onDone: () => void;
}

interface Choice extends Door {
  /** What people call the ways over it. */
  readonly words: { readonly right: string; readonly left: string };
}

/** A new place: its name, and the lines that are its doors. */
export function PlaceDialog({ onClose, onDone }: Props) {
  const [name, setName] = useState("");
  const [doors, setDoors] = useState<ReadonlyMap<string, Door>>(new Map());
  const choices = useChoices();
  const adding = useDoing(async () => {
    const { document, text, version } = await getConfig();
    const changed = document && withPlace(text, name.trim(), [...doors.values()]);
    if (!changed) return go("#/configuration");
    await saveConfig(changed, `place ${name.trim()} added`, version);
    toast(`${name.trim()} is counted from now on`);
    onDone();
    onClose();
  });
  const choose = (key: string, door: Door | null): void => {
    const next = new Map(doors);
    if (door) next.set(key, door);
    else next.delete(key);
    setDoors(next);
  };
  return (
    <Dialog title="New place" onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void adding.run();
        }}
      >
        <Field label="Name" value={name} onValue={setName} placeholder="shop" required />
        <fieldset class="plain-fieldset stack">
          <legend>Doors: lines that people pass to get in and out</legend>
          {choices?.map((choice) => {
            const key = link(choice.camera, choice.line);
            return (
              <DoorFields
                key={key}
                choice={choice}
                door={doors.get(key) ?? null}
                onDoor={(door) => choose(key, door)}
              />
            );
          })}
          {choices?.length === 0 && (
            <p class="quiet">
              There is no line yet. Draw one across every door: <a href={link("cameras")}>Cameras</a>, then Lines and
              zones.
            </p>
          )}
        </fieldset>
        <ErrorNote error={adding.error} />
        <div class="row">
          <Button type="submit" kind="main" isBusy={adding.isBusy} disabled={!name.trim() || doors.size === 0}>
            Add place
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Every line of every camera; null while they are loaded. */
function useChoices(): readonly Choice[] | null {
  const cameras = useCameras().data;
  const drawings = useDrawings((cameras ?? []).map(({ name }) => name));
  if (drawings.size !== cameras?.length) return null;
  return [...drawings].flatMap(([camera, { lines }]) =>
    lines.map((line) => ({
      camera,
      line: line.name,
      isTurned: isTurned(line),
      words: { right: line.names.right || "to the right", left: line.names.left || "to the left" },
    })),
  );
}

interface DoorProps {
  readonly choice: Choice;
  /** null: not one of its doors. */
  readonly door: Door | null;
  readonly onDoor: (door: Door | null) => void;
}

function DoorFields({ choice: { words, ...usual }, door, onDoor }: DoorProps) {
  const title = `${usual.line} (${usual.camera})`;
  return (
    <div class="stack">
      <Check label={title} value={door !== null} onValue={(isOn) => onDoor(isOn ? usual : null)} />
      {door && (
        <Select
          label={`Into the place over ${title}`}
          value={door.isTurned ? "left" : "right"}
          onValue={(way) => onDoor({ ...door, isTurned: way === "left" })}
          options={[
            ["right", words.right],
            ["left", words.left],
          ]}
        />
      )}
    </div>
  );
}
