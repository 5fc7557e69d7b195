import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type AccuracyAudit, type AuditMoment, getMoment } from "../../api/accuracy";
import { recordingAddress } from "../../api/system";
import { useLoad } from "../../api/use";
import { TrackPlayer } from "../../charts/track-player";
import { Button } from "../../ui";
import { Shown } from "../shown";
import "./accuracy.css";

interface Props {
  readonly audit: AccuracyAudit;
  readonly moment: AuditMoment;
  readonly isBusy: boolean;
  readonly onAnswer: (counted: readonly number[]) => void;
}

/** A few seconds to look at, and two numbers to give: digits by keyboard, or buttons. */
export function Moment({ audit, moment, isBusy, onAnswer }: Props) {
  const scene = useLoad(`${audit.id}/${moment.number}`, (signal) => getMoment(audit.id, moment.number, signal));
  const [counted, setCounted] = useState<readonly [number, number]>([
    moment.counted?.[0] ?? 0,
    moment.counted?.[1] ?? 0,
  ]);
  const [first = "one way", second = "the other"] = moment.words;
  const set = (way: 0 | 1, value: number): void => {
    const kept = Math.max(0, value);
    setCounted(way === 0 ? [kept, counted[1]] : [counted[0], kept]);
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        onAnswer(counted);
      }}
    >
      <Shown of={scene}>
        {(found) => (
          <TrackPlayer scene={found} zero={moment.begin} summary={`People around ${moment.region}`} isLooping />
        )}
      </Shown>
      <p>
        How many pass <strong>{moment.region}</strong> in these seconds? Feet count, not heads.
        {moment.recording ? (
          <>
            {" "}
            <a href={recordingAddress(moment.recording)}>The recording shows it, too.</a>
          </>
        ) : (
          audit.wanted.some(({ recording }) => recording) && " There is no recording of it, or it was deleted."
        )}
      </p>
      <div class="row">
        <Counter label={first} value={counted[0]} onValue={(value) => set(0, value)} isFirst />
        <Counter label={second} value={counted[1]} onValue={(value) => set(1, value)} />
        <Button type="submit" kind="main" isBusy={isBusy}>
          Answer
        </Button>
      </div>
      <p class="quiet small">By keyboard: a digit, Tab, a digit, Enter. Enter alone means nobody.</p>
    </form>
  );
}

interface CounterProps {
  readonly label: string;
  readonly value: number;
  readonly onValue: (value: number) => void;
  readonly isFirst?: boolean;
}

function Counter({ label, value, onValue, isFirst = false }: CounterProps) {
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (isFirst) input.current?.focus({ preventScroll: true });
    if (isFirst) input.current?.select();
  }, [isFirst]);
  return (
    <div class="counter">
      <button
        type="button"
        class="button plain"
        tabIndex={-1}
        onClick={() => onValue(value - 1)}
        disabled={value === 0}
        aria-label={`One less: ${label}`}
      >
        −
      </button>
      <label>
        <span>{label}</span>
        <input
          ref={input}
          type="number"
          min={0}
          step={1}
          inputMode="numeric"
          value={value}
          onFocus={(event) => event.currentTarget.select()}
          onInput={(event) => onValue(Math.floor(Number(event.currentTarget.value)) || 0)}
        />
      </label>
      <button
        type="button"
        class="button plain"
        tabIndex={-1}
        onClick={() => onValue(value + 1)}
        aria-label={`One more: ${label}`}
      >
        +
      </button>
    </div>
  );
}
