import { useState } from "preact/hooks";
import { anchor, type PlaceState } from "../../api/numbers";
import { useDoing } from "../../api/use";
import { Button, Dialog, ErrorNote, Field, toast } from "../../ui";

interface Props {
  readonly place: PlaceState;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Somebody has counted who is inside, or knows that nobody is. */
export function AnchorDialog({ place, onClose, onDone }: Props) {
  const [text, setText] = useState(String(place.people));
  const people = Number(text);
  const isCount = text.trim() !== "" && Number.isInteger(people) && people >= 0;
  const setting = useDoing(() => anchor(place.name, people));
  const set = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!isCount || !(await setting.run())) return;
    toast(`${place.name}: ${people} inside`);
    onDone();
    onClose();
  };
  return (
    <Dialog title={`How many are in ${place.name}?`} onClose={onClose}>
      <form class="stack" onSubmit={(event) => void set(event)}>
        <Field
          label="People inside now"
          type="number"
          min={0}
          step={1}
          value={text}
          onValue={setText}
          problem={isCount ? undefined : "Give a whole number, 0 or more."}
          hint="Counting goes on from here. What was off is learnt from."
        />
        <ErrorNote error={setting.error} />
        <div class="row">
          <Button type="submit" kind="main" isBusy={setting.isBusy} disabled={!isCount}>
            Set
          </Button>
          <Button onClick={() => setText("0")}>Nobody is inside</Button>
        </div>
      </form>
    </Dialog>
  );
}
