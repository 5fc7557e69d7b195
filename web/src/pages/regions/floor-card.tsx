import type { Floor } from "../../api/regions";
import { Button, Field, Icon, Note, Select } from "../../ui";
import { sameRef } from "./drawing";
import type { Editor } from "./use-editor";

const FLOOR = { kind: "floor", index: 0 } as const;

/** How metres come about: learnt from people, told, or measured by four points. */
export function FloorCard({ editor, isReadOnly }: { editor: Editor; isReadOnly: boolean }) {
  const { floor } = editor.drawing;
  const isSelected = sameRef(editor.selected, FLOOR);
  const learn = (): void => editor.change({ ...editor.drawing, floor: null });
  return (
    <section class={isSelected ? "region-card selected" : "region-card"} aria-label="Floor">
      <button
        type="button"
        class="region-title floor"
        aria-expanded={isSelected}
        onClick={() => editor.select(isSelected ? null : FLOOR)}
      >
        <Icon name="floor" />
        <strong>Floor</strong>
        <span class="quiet small">{summary(floor)}</span>
        <Icon name="down" />
      </button>
      {isSelected && !isReadOnly && (
        <div class="stack region-settings">
          {floor?.points ? <Measured editor={editor} floor={floor} /> : <NotMeasured editor={editor} floor={floor} />}
          {floor && (
            <div>
              <Button icon="remove" onClick={learn}>
                Learn it from people instead
              </Button>
            </div>
          )}
        </div>
      )}
    </section>
  );
}

function summary(floor: Floor | null): string {
  if (!floor) return "learnt from people";
  return floor.points ? "measured by four points" : `camera ${floor.height_m} m up`;
}

function NotMeasured({ editor, floor }: { editor: Editor; floor: Floor | null }) {
  return (
    <>
      <p class="small quiet">
        {floor
          ? `The camera is told: ${floor.height_m} m up, tilted ${floor.tilt_deg}° from straight down.`
          : "Metres are learnt from people who walk by, which takes some minutes. Where nobody walks, or the camera looks straight down, measure four points."}
      </p>
      <div>
        <Button icon="floor" onClick={() => editor.startDraft("floor")}>
          Measure four points
        </Button>
      </div>
    </>
  );
}

function Measured({ editor, floor }: { editor: Editor; floor: Floor }) {
  const set = (change: Partial<Floor>, tag = ""): void =>
    editor.change({ ...editor.drawing, floor: { ...floor, ...change } }, tag);
  const isRectangle = !floor.sides_m;
  const choose = (kind: string): void => {
    const [a = 3, b = 2] = floor.rectangle_m ?? floor.sides_m ?? [];
    if (kind === "rectangle") set({ rectangle_m: [a, b], sides_m: null, diagonal_m: null });
    else set({ rectangle_m: null, sides_m: [a, b, a, b], diagonal_m: Number(Math.hypot(a, b).toFixed(2)) });
  };
  const lengths = (isRectangle ? floor.rectangle_m : floor.sides_m) ?? [];
  const change = (at: number, text: string): void => {
    const next = lengths.map((length, i) => (i === at ? Number(text) : length));
    set(isRectangle ? { rectangle_m: next } : { sides_m: next }, `side-${at}`);
  };
  return (
    <>
      <Select
        label="The four points are"
        value={isRectangle ? "rectangle" : "any"}
        onValue={choose}
        options={[
          ["rectangle", "the corners of a rectangle"],
          ["any", "any four points"],
        ]}
      />
      <div class="ways">
        {lengths.map((length, at) => (
          <Length
            key={`${at}`}
            label={`Side ${at + 1} to ${((at + 1) % 4) + 1}`}
            value={length}
            onValue={(text) => change(at, text)}
          />
        ))}
        {!isRectangle && (
          <Length
            label="Diagonal 1 to 3"
            value={floor.diagonal_m ?? 0}
            onValue={(text) => set({ diagonal_m: Number(text) }, "diagonal")}
          />
        )}
      </div>
      <Note>
        <p class="small">
          The picture shows the floor under a grid of one metre. Squares that climb a wall show that a length or a point
          is wrong.
        </p>
      </Note>
    </>
  );
}

function Length({ label, value, onValue }: { label: string; value: number; onValue: (text: string) => void }) {
  const problem = value > 0 ? undefined : "more than 0 m";
  return (
    <Field
      label={`${label} (m)`}
      type="number"
      min="0.01"
      step="any"
      value={String(value)}
      onValue={onValue}
      problem={problem}
    />
  );
}
