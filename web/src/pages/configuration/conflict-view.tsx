import type { Conflict } from "../../api/config";
import { stamp } from "../../charts/days";
import { Button, Note } from "../../ui";
import { chosenZone } from "../choice";
import { DiffView } from "./diff-view";

interface Props {
  readonly conflict: Conflict;
  readonly mine: string;
  /** Go on from the newer version with this text. */
  readonly onSettle: (text: string) => void;
}

/** Somebody else was faster: what they changed, and what to do about it. Nothing is lost and nothing was saved. */
export function ConflictView({ conflict: { current, base }, mine, onSettle }: Props) {
  const zone = chosenZone();
  const why = current.comment && ` (${current.comment})`;
  return (
    <div class="stack" role="alert">
      <Note tone="warn" title="Somebody else has changed the configuration in the meantime.">
        <p>
          {current.author} saved version {current.version} at {stamp(current.at, zone)}
          {why}. Nothing of yours is saved yet.
        </p>
      </Note>
      {base && (
        <>
          <h3>What they changed</h3>
          <DiffView before={base.text} after={current.text} label="What they changed" />
        </>
      )}
      <h3>What your text would change in theirs</h3>
      <DiffView before={current.text} after={mine} label="What your text would change" />
      <div class="row">
        <Button onClick={() => onSettle(current.text)}>Drop mine, go on with theirs</Button>
        <Button onClick={() => onSettle(mine)}>Keep mine, undo what they changed</Button>
      </div>
    </div>
  );
}
