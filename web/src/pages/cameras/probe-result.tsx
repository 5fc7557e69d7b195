import type { Probe } from "../../api/cameras";
import { Note } from "../../ui";
import { sentence } from "../../words";
import { cureOf, withoutAddress } from "./words";

/** What was found at an address. */
export function ProbeResult({ probe }: { probe: Probe }) {
  if (!probe.ok) {
    return (
      <Note tone="bad" title="No video there">
        <p>{sentence(withoutAddress(probe.detail ?? probe.reason ?? ""))}</p>
        {!probe.advice?.length && <p>{cureOf(probe.reason ?? "")}</p>}
        <Advice probe={probe} />
      </Note>
    );
  }
  const facts = [
    probe.codec?.toUpperCase(),
    probe.width && probe.height ? `${probe.width} × ${probe.height}` : null,
    probe.fps ? `${probe.fps.toFixed(probe.fps < 10 ? 1 : 0)} frames a second` : null,
    probe.transport ? `by ${probe.transport.toUpperCase()}` : null,
  ];
  return (
    <Note tone="good" title="This works">
      <p>{facts.filter(Boolean).join(", ")}</p>
      <Advice probe={probe} />
    </Note>
  );
}

function Advice({ probe: { advice = [] } }: { probe: Probe }) {
  if (!advice.length) return null;
  return (
    <ul>
      {advice.map((one) => (
        <li key={one}>{one}</li>
      ))}
    </ul>
  );
}
