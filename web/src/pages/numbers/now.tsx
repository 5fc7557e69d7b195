import { type CameraNow, getNow, type PlaceState } from "../../api/numbers";
import { useLoad } from "../../api/use";
import { brief, type Counted, isSure, whole } from "../../charts/likely";
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
      <Many counted={{ count: people, low, high }} words="inside" />
    </li>
  );
}

/** The count for the eye, the likely range below it. */
function Many({ counted, words }: { counted: Counted; words: string }) {
  return (
    <>
      <strong>{whole(counted.count)}</strong>
      <span class="quiet small likely">
        {words}
        {!isSure(counted) && `, likely ${whole(counted.low)} to ${whole(counted.high)}`}
      </span>
    </>
  );
}

function CameraTile({ now: { camera, state, people, zones } }: { now: CameraNow }) {
  const isRunning = state === "running";
  const picture = zones.find(({ region }) => region === "");
  const inView = { count: people, low: picture?.low ?? people, high: picture?.high ?? people };
  const named = zones.filter(({ region }) => region !== "");
  return (
    <li class="tile">
      <a href={link("live", camera)}>{camera}</a>
      {isRunning ? <Many counted={inView} words="in view" /> : <span class="quiet">{state}</span>}
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
