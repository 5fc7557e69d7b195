import type { Finding, Point } from "../../api/regions";
import { Button, Note, type Tone } from "../../ui";
import { sentence } from "../../words";

const TONES: Record<Finding["severity"], Tone> = { error: "bad", warning: "warn", hint: "neutral" };

/** What will not count well, how to mend it, and a better place one press away. */
export function Findings({
  findings,
  onTake,
  isReadOnly,
}: {
  findings: readonly Finding[];
  onTake?: (points: readonly Point[]) => void;
  isReadOnly: boolean;
}) {
  if (!findings.length) return null;
  return (
    <ul class="findings">
      {findings.map((one) => (
        <li key={one.code + one.what}>
          <Note tone={TONES[one.severity]}>
            <p>
              {sentence(one.what)} {one.cure && <span class="quiet">{sentence(one.cure)}</span>}
            </p>
            {one.better && onTake && !isReadOnly && <TakeButton better={one.better} onTake={onTake} />}
          </Note>
        </li>
      ))}
    </ul>
  );
}

function TakeButton({ better, onTake }: { better: readonly Point[]; onTake: (points: readonly Point[]) => void }) {
  return (
    <div>
      <Button icon="check" onClick={() => onTake(better)}>
        Use the better place
      </Button>
    </div>
  );
}
