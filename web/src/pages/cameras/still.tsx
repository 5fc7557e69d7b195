import { useState } from "preact/hooks";
import { type Camera, stillAddress } from "../../api/cameras";
import { Icon } from "../../ui";
import "./still.css";

/** A small picture of a camera without people in it (the privacy view); `turn` asks for a newer one. */
export function Still({ camera, turn }: { camera: Camera; turn: number }) {
  const [failed, setFailed] = useState(-1);
  const isShown = camera.state === "running" && camera.size !== null && failed !== turn;
  return (
    <div class="still">
      {isShown ? (
        <img
          src={stillAddress(camera.name, "privacy", turn)}
          alt=""
          width="320"
          height="180"
          onError={() => setFailed(turn)}
        />
      ) : (
        <Icon name="camera" />
      )}
    </div>
  );
}
