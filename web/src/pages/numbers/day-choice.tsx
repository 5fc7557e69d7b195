import { addDays, dayOf, spelt } from "../../charts/days";
import { Field, IconButton } from "../../ui";
import { choose } from "../choice";

interface Props {
  readonly zone: string;
  readonly day: string;
  /** Under which name it is kept in the address. */
  readonly name?: string;
  readonly label?: string;
}

/** A day, with the ones before and after it. */
export function DayChoice({ zone, day, name = "day", label = "Day" }: Props) {
  const today = dayOf(new Date(), zone);
  const move = (to: string): void => choose({ [name]: to });
  return (
    <fieldset class="day-choice">
      <legend class="spoken">{label}</legend>
      <IconButton icon="back" label="The day before" onClick={() => move(addDays(day, -1))} />
      <Field label={label} type="date" value={day} max={today} hint={spelt(day)} onValue={move} />
      <IconButton icon="arrow" label="The day after" disabled={day >= today} onClick={() => move(addDays(day, 1))} />
    </fieldset>
  );
}
