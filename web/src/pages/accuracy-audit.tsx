import { useRef, useState } from "preact/hooks";
import { type AccuracyAudit, answerMoment, getAudit } from "../api/accuracy";
import { may } from "../api/session";
import { useDoing, useLoad } from "../api/use";
import { stamp } from "../charts/days";
import { link } from "../router";
import type { PageProps } from "../routes";
import { Button, Card, ErrorNote, Page } from "../ui";
import { Figures } from "./accuracy/figures";
import { Moment } from "./accuracy/moment";
import { chosenZone } from "./choice";
import { Shown } from "./shown";

/** One audit: moment after moment, then how right the counts are. */
export default function AccuracyAuditPage({ params: { id = "" } }: PageProps) {
  const [answered, setAnswered] = useState<AccuracyAudit | null>(null);
  const audit = useLoad(id, (signal) => getAudit(id, signal));
  const zone = chosenZone();
  const words = audit.data && `${stamp(audit.data.begin, zone)} to ${stamp(audit.data.end, zone)} (${zone})`;
  return (
    <Page
      title={audit.data ? `Audit of ${audit.data.camera}` : "Audit"}
      lead={words}
      back={[link("accuracy"), "Accuracy"]}
    >
      <Shown of={audit}>
        {(first) => {
          const latest = answered ?? first;
          return (
            <>
              {may("operator") && <Answering audit={latest} onAnswer={setAnswered} />}
              {latest.figures && <Figures figures={latest.figures} />}
            </>
          );
        }}
      </Shown>
    </Page>
  );
}

interface AnsweringProps {
  readonly audit: AccuracyAudit;
  readonly onAnswer: (audit: AccuracyAudit) => void;
}

/** The first moment without an answer, or the one that somebody went back to. */
function Answering({ audit, onAnswer }: AnsweringProps) {
  const open = audit.wanted.findIndex(({ counted }) => counted === null);
  const [chosen, setChosen] = useState<number | null>(null);
  const at = chosen ?? open;
  const moment = audit.wanted[at];
  const answer = useRef<readonly number[]>([]);
  const saving = useDoing(async () => {
    if (moment) onAnswer(await answerMoment(audit.id, moment.number, answer.current));
  });
  if (!moment) {
    return (
      <Card title="All moments are answered">
        <div class="row">
          <Button onClick={() => setChosen(audit.wanted.length - 1)}>Look at them again</Button>
        </div>
      </Card>
    );
  }
  const save = async (counted: readonly number[]): Promise<void> => {
    answer.current = counted;
    if (await saving.run()) setChosen(null);
  };
  return (
    <Card title={`Moment ${at + 1} of ${audit.wanted.length}`}>
      <Moment
        key={moment.number}
        audit={audit}
        moment={moment}
        isBusy={saving.isBusy}
        onAnswer={(counted) => void save(counted)}
      />
      <ErrorNote error={saving.error} />
      <div class="row">
        <Button icon="back" disabled={at <= 0} onClick={() => setChosen(at - 1)}>
          Back
        </Button>
        <Button icon="arrow" disabled={at >= audit.wanted.length - 1} onClick={() => setChosen(at + 1)}>
          Skip
        </Button>
      </div>
    </Card>
  );
}
