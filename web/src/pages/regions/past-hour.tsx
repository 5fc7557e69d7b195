// Over the panel: on what the counts beside the regions stand.

import type { Preview } from "../../api/regions";
import { may } from "../../api/session";
import { LinkButton, Note } from "../../ui";
import type { Trial } from "./use-trial";

export function PastHour({ preview }: { preview: Trial<Preview> }) {
  const { answer, error } = preview;
  if (error && error.status !== 400) return <Note title="The last hour cannot be tried.">{error.message}</Note>;
  if (!answer) return null;
  if (answer.recorded_s > 0) {
    return (
      <p class="small quiet">
        Beside each region: what it would have counted in the last hour, of which {minutes(answer.recorded_s)} are
        recorded.
      </p>
    );
  }
  return (
    <Note title="Nobody's tracks are recorded, so nothing can be tried on the last hour.">
      <p class="small">
        Tracks hold boxes and times, never pixels, and are deleted after some hours.{" "}
        {may("admin")
          ? "Switch them on in the configuration: "
          : "An administrator can switch them on in the configuration: "}
        <code>tracks: 24</code>
      </p>
      {may("admin") && (
        <div>
          <LinkButton to="#/configuration">Open the configuration</LinkButton>
        </div>
      )}
    </Note>
  );
}

const minutes = (seconds: number): string =>
  seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} minutes`;
