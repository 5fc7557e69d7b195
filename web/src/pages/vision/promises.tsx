import { predictionDays } from "../../api/session";
import { Card } from "../../ui";
import { days } from "./words";

const promises = (kept: number) => [
  ["Where pictures are", "On this machine alone, encrypted, each with a key of its own. Nothing is sent to anybody."],
  ["Pictures for training", "Stay as long as their project, unless you delete them."],
  [
    "Predictions that were stored",
    kept > 0
      ? `Their pictures go by themselves after ${days(kept)}, unless you make training pictures of them. Without storing, nothing is written at all.`
      : "There are none: this service keeps nothing of what it is asked.",
  ],
  ["Deleting", "Takes effect at once: picture, copies, models and keys are gone when the page says so."],
  ["Hidden data in pictures", "Place, time and camera that a photograph may carry are taken out before it is kept."],
];

/** What becomes of pictures, in words. */
export function Promises() {
  return (
    <Card title="What becomes of pictures">
      <dl class="vision-promises">
        {promises(predictionDays()).map(([title, words]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
