import type { VisionImage } from "../../api/vision-types";
import { pictureAddress } from "../../api/vision-urls";
import { stamp } from "../../charts/days";
import { Card } from "../../ui";
import { chosenZone } from "../choice";

/** What is known about a picture. */
export function PictureFacts({ image }: { image: VisionImage }) {
  return (
    <Card title="About it">
      <dl class="facts">
        <dt>Size</dt>
        <dd>
          {image.width} × {image.height} pixels
        </dd>
        <dt>Added</dt>
        <dd>{stamp(image.created, chosenZone())}</dd>
        {Object.entries(image.metadata ?? {}).map(([name, value]) => (
          <>
            <dt key={name}>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
      {image.originalImageUri && (
        <a href={pictureAddress(image.originalImageUri)} target="_blank" rel="noreferrer">
          Open it in full size
        </a>
      )}
    </Card>
  );
}
