import type { ComponentChildren } from "preact";
import type { Camera } from "../../api/cameras";
import { may } from "../../api/session";
import { link } from "../../router";
import { LinkButton, StateDot } from "../../ui";
import "./row.css";
import { Still } from "./still";
import { advice, cureOf, dropped, lag, plainUrl, rate, reasonOf, STATE } from "./words";

/** One camera of the list. */
export function CameraRow({ camera, turn }: { camera: Camera; turn: number }) {
  const [tone, words] = STATE[camera.state];
  return (
    <article class="camera card" aria-label={camera.name}>
      <a class="camera-still" href={link("live", camera.name)} aria-label={`Live view of ${camera.name}`} tabIndex={-1}>
        <Still camera={camera} turn={turn} />
      </a>
      <div class="camera-words">
        <h2>{camera.name}</h2>
        <StateDot tone={tone}>{words}</StateDot>
        <Reason camera={camera} />
        <code class="small quiet">{plainUrl(camera.url)}</code>
      </div>
      <Figures camera={camera} />
      <div class="row camera-actions">
        <LinkButton to={link("live", camera.name)} icon="live">
          Live
        </LinkButton>
        {may("operator") && (
          <>
            <LinkButton to={link("cameras", camera.name, "regions")} icon="line">
              Lines and zones
            </LinkButton>
            <LinkButton to={link("cameras", camera.name, "edit")} icon="settings">
              Settings
            </LinkButton>
          </>
        )}
      </div>
    </article>
  );
}

function Reason({ camera }: { camera: Camera }) {
  const cure = camera.reason ? cureOf(camera.reason_code) : advice(camera);
  if (!camera.reason && !cure) return null;
  return (
    <p class="small">
      {reasonOf(camera)} {cure && <span class="quiet">{cure}</span>}
    </p>
  );
}

function Figures({ camera }: { camera: Camera }) {
  const isOn = camera.state === "running";
  return (
    <dl class="figures">
      <Figure words="People now">{isOn ? camera.people : "–"}</Figure>
      <Figure words="Frames/s in">{isOn ? rate(camera.fps_in) : "–"}</Figure>
      <Figure words="analysed">{isOn ? rate(camera.fps_analysed) : "–"}</Figure>
      <Figure words="dropped">{isOn ? dropped(camera) : "–"}</Figure>
      <Figure words="Lag">{isOn ? lag(camera.lag_s) : "–"}</Figure>
    </dl>
  );
}

function Figure({ words, children }: { words: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{words}</dt>
      <dd>{children}</dd>
    </div>
  );
}
