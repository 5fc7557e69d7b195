import { useState } from "preact/hooks";
import { getPlaces, type PlaceState } from "../api/numbers";
import { may } from "../api/session";
import { useLoad } from "../api/use";
import { stamp } from "../charts/days";
import { brief, spoken } from "../charts/likely";
import { Button, Card, Empty, IconButton, Page } from "../ui";
import { chosenZone } from "./choice";
import { AnchorDialog } from "./places/anchor-dialog";
import { PlaceDialog } from "./places/place-dialog";
import { Shown } from "./shown";

const EVERY_MS = 3000;

/** How many are inside each place, from who goes in and out through its doors. */
export default function PlacesPage() {
  const places = useLoad("places", getPlaces, EVERY_MS);
  const [isAdding, setAdding] = useState(false);
  const add = may("admin") && (
    <Button kind="main" icon="add" onClick={() => setAdding(true)}>
      Add place
    </Button>
  );
  return (
    <Page
      title="Places"
      actions={add}
      lead="People who came in through the doors of a place, less those who left. Small mistakes at doors add up: say now and then how many are really inside."
    >
      <Shown of={places}>
        {(all) =>
          all.length === 0 ? (
            <NoPlace />
          ) : (
            <div class="figures">
              {all.map((place) => (
                <PlaceCard key={place.name} place={place} onChange={() => void places.reload()} />
              ))}
            </div>
          )
        }
      </Shown>
      {isAdding && <PlaceDialog place={null} onClose={() => setAdding(false)} onDone={() => void places.reload()} />}
    </Page>
  );
}

function NoPlace() {
  return (
    <Empty title="No place yet">
      <p>
        A place is a room or a building whose doors are lines or zones of your cameras: draw a line across every door,
        then {may("admin") ? "add the place here" : "ask an administrator to add the place"}.
      </p>
    </Empty>
  );
}

function PlaceCard({ place, onChange }: { place: PlaceState; onChange: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const [isChanging, setChanging] = useState(false);
  const inside = { count: place.people, low: place.low, high: place.high };
  const actions = may("operator") && (
    <div class="row">
      <Button onClick={() => setAsking(true)}>I counted</Button>
      {may("admin") && <IconButton icon="edit" label={`Change ${place.name}`} onClick={() => setChanging(true)} />}
    </div>
  );
  return (
    <Card title={place.name} actions={actions}>
      <p class="big-number">
        <span aria-hidden="true">{brief(inside)}</span>
        <span class="spoken">{spoken(inside)}</span> <span class="quiet small">inside</span>
      </p>
      <PlaceFacts place={place} />
      {isAsking && <AnchorDialog place={place} onClose={() => setAsking(false)} onDone={onChange} />}
      {isChanging && <PlaceDialog place={place} onClose={() => setChanging(false)} onDone={onChange} />}
    </Card>
  );
}

function PlaceFacts({ place: { since, entered, left, drift, doors, anchors } }: { place: PlaceState }) {
  return (
    <dl class="fact-list">
      <Fact title={since ? `Since ${stamp(since, chosenZone())}` : "Since the start"}>
        {entered} in, {left} out
      </Fact>
      <Fact title="Doors">
        {doors.map(({ camera, region }) => (camera ? `${region} (${camera})` : region)).join(", ")}
      </Fact>
      {anchors.length > 0 && <Fact title="Set by itself">{anchors.map(anchorInWords).join(", ")}</Fact>}
      {Math.abs(drift) >= 0.001 && <Fact title="Learnt from your counts">{driftInWords(drift)}</Fact>}
    </dl>
  );
}

function Fact({ title, children }: { title: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function anchorInWords({ at, people, zone }: PlaceState["anchors"][number]): string {
  return zone ? `at ${at} to the count of ${zone}` : `at ${at} to ${people ?? 0}`;
}

function driftInWords(drift: number): string {
  const many = `${Math.abs(drift * 100).toFixed(1)} people in 100 passages`;
  return drift > 0 ? `${many} too many, taken off` : `${many} too few, added`;
}
