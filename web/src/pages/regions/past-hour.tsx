// Over the panel: on what the counts beside the regions stand.

import { useEffect, useRef } from "preact/hooks";
import { getConfig } from "../../api/config";
import type { Preview } from "../../api/regions";
import { may } from "../../api/session";
import { useDoing, useLoad } from "../../api/use";
import { go } from "../../router";
import { Button, ErrorNote, Note } from "../../ui";
import { sentence } from "../../words";
import { HOURS, keepsTracks, keepTracks } from "./track-keeping";
import type { Trial } from "./use-trial";

const AGAIN_MS = 20_000;

export function PastHour({ preview, onTracks }: { preview: Trial<Preview>; onTracks: () => void }) {
  const { answer, error } = preview;
  if (error && error.status !== 400)
    return <Note title="The last hour cannot be tried.">{sentence(error.message)}</Note>;
  if (!answer) return null;
  if (answer.recorded_s > 0) {
    return (
      <p class="small quiet">
        Beside each region: what it would have counted in the last hour, of which {minutes(answer.recorded_s)} are
        recorded.
      </p>
    );
  }
  return <NoTracks onTracks={onTracks} />;
}

/** What can be done depends on who looks, and on whether tracks are kept already. */
function NoTracks({ onTracks }: { onTracks: () => void }) {
  return (
    <Note title="There are no recorded tracks to try this on.">
      {may("admin") ? (
        <TrackSwitch onTracks={onTracks} />
      ) : (
        <p class="small">
          Tracks hold boxes and times, never pixels. An administrator can switch them on; then people must walk by.
        </p>
      )}
    </Note>
  );
}

function TrackSwitch({ onTracks }: { onTracks: () => void }) {
  const config = useLoad("config", getConfig);
  const isKept = config.data ? keepsTracks(config.data) : false;
  const doing = useDoing(async () => {
    if (!(await keepTracks())) go("#/configuration");
    await config.reload();
  });
  const again = useRef(onTracks);
  again.current = onTracks;
  useEffect(() => {
    const timer = isKept ? setInterval(() => again.current(), AGAIN_MS) : undefined;
    return () => clearInterval(timer);
  }, [isKept]);
  if (isKept)
    return <p class="small">They are kept from now on. As soon as people have walked by, counts appear here.</p>;
  return (
    <>
      <p class="small">Tracks hold boxes and times, never pixels, and are deleted after {HOURS} hours.</p>
      <div>
        <Button isBusy={doing.isBusy || config.isLoading} onClick={() => void doing.run()}>
          Keep tracks from now on
        </Button>
      </div>
      <ErrorNote error={doing.error ?? config.error} />
    </>
  );
}

const minutes = (seconds: number): string =>
  seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} minutes`;
