import { type CameraNow, getNow, type PlaceState } from "../../api/numbers";
import { useLoad } from "../../api/use";
import { brief } from "../../charts/likely";
import { link } from "../../router";
import { Card, Empty } from "../../ui";
import { Shown } from "../shown";

const EVERY_MS = 3000;

/** Who is there at this moment. */
export function NowCard() {
  const now = useLoad("now", getNow, EVERY_MS);
  return (
    <Card title="Now">
      <Shown of={now}>
        {({ cameras, places }) =>
          cameras.length + places.length === 0 ? (
            <Empty title="No camera and no place yet." />
          ) : (
            <ul class="tiles">
              {places.map((place) => (
                <PlaceTile key={place.name} place={place} />
              ))}
              {cameras.map((camera) => (
                <CameraTile key={camera.camera} now={camera} />
              ))}
            </ul>
          )
        }
      </Shown>
    </Card>
  );
}

function PlaceTile({ place: { name, people, low, high } }: { place: PlaceState }) {
  return (
    <li class="tile">
      <a href={link("places")}>{name}</a>
      <strong>{brief({ count: people, low, high })}</strong>
      <span class="quiet small">inside</span>
    </li>
  );
}

function CameraTile({ now: { camera, state, people, zones } }: { now: CameraNow }) {
  const isRunning = state === "running";
  const whole = zones.find(({ region }) => region === "");
  const inView = whole ? brief({ count: whole.people, low: whole.low, high: whole.high }) : String(people);
  const named = zones.filter(({ region }) => region !== "");
  return (
    <li class="tile">
      <a href={link("live", camera)}>{camera}</a>
      <strong>{isRunning ? inView : "–"}</strong>
      <span class="quiet small">{isRunning ? "in view" : state}</span>
      {named.length > 0 && (
        <dl class="small">
          {named.map(({ region, people: inside, low, high }) => (
            <div key={region}>
              <dt>{region}</dt>
              <dd>{brief({ count: inside, low, high })}</dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  );
}
