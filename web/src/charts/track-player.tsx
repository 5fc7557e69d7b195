// Recorded people drawn on an empty frame, moment by moment: boxes, feet, and the way they came.

import { useEffect, useState } from "preact/hooks";
import type { Scene, SnippetPerson } from "../api/events";
import { Button } from "../ui";
import { Arrowed } from "./regions";
import { ago } from "./why";
import "./track-player.css";

interface Props {
  readonly scene: Scene;
  /** The moment that times are counted from. */
  readonly zero: string;
  /** The same in words. */
  readonly summary: string;
  /** Starts by itself, and again at its end. */
  readonly isLooping?: boolean;
}

const WIDTH = 960;
const SPEEDS = [1, 0.5, 0.25] as const;

export function TrackPlayer({ scene, zero, summary, isLooping = false }: Props) {
  const times = scene.frames.map(({ at }) => (Date.parse(at) - Date.parse(zero)) / 1000);
  const [index, setIndex] = useState(isLooping ? 0 : nearest(scene, times));
  const [isPlaying, setPlaying] = useState(isLooping);
  const [speed, setSpeed] = useState<number>(1);
  usePlaying(times, index, isPlaying ? speed : 0, (next) => {
    if (next < times.length) setIndex(next);
    else if (isLooping) setIndex(0);
    else setPlaying(false);
  });
  const toggle = (): void => {
    if (!isPlaying && index >= times.length - 1) setIndex(0);
    setPlaying(!isPlaying);
  };
  return (
    <div class="track-player">
      <Picture scene={scene} index={index} summary={summary} />
      <div class="track-controls">
        <Button onClick={toggle}>{isPlaying ? "Pause" : "Play"}</Button>
        <input
          type="range"
          aria-label="Moment"
          aria-valuetext={ago(times[index] ?? 0)}
          min={0}
          max={times.length - 1}
          value={index}
          onInput={(event) => {
            setPlaying(false);
            setIndex(Number(event.currentTarget.value));
          }}
        />
        <output class="track-moment">{signed(times[index] ?? 0)}</output>
        <select
          aria-label="Speed"
          value={String(speed)}
          onChange={(event) => setSpeed(Number(event.currentTarget.value))}
        >
          {SPEEDS.map((factor) => (
            <option key={factor} value={String(factor)}>
              {factor === 1 ? "Normal speed" : `${factor} times`}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}

/** The frame nearest to the moment that is asked about, of those that show whom it is about. */
function nearest({ frames }: Scene, times: readonly number[]): number {
  const all = frames.map(({ people }, index) => ({ index, isSeen: people.some((one) => one.is_subject) }));
  const seen = all.filter(({ isSeen }) => isSeen);
  const off = (index: number): number => Math.abs(times[index] ?? 0);
  const found = (seen.length > 0 ? seen : all).sort((one, other) => off(one.index) - off(other.index));
  return found[0]?.index ?? 0;
}

/** Call `then` with the next frame when its time has come; `speed` 0 stands still. */
function usePlaying(times: readonly number[], index: number, speed: number, then: (next: number) => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: what else it uses is made anew with every frame
  useEffect(() => {
    if (speed === 0) return;
    const wait = ((times[index + 1] ?? (times[index] ?? 0) + 1) - (times[index] ?? 0)) / speed;
    const timer = setTimeout(() => then(index + 1), Math.max(wait * 1000, 20));
    return () => clearTimeout(timer);
  }, [index, speed]);
}

function Picture({ scene, index, summary }: { scene: Scene; index: number; summary: string }) {
  const height = WIDTH * scene.aspect;
  const frame = scene.frames[index];
  return (
    <svg class="track-picture" viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={summary}>
      <g class="drawn">
        {scene.kind === "line" && <Arrowed points={scene.points} width={WIDTH} height={height} />}
        {scene.kind === "zone" && (
          <polygon
            class="drawn-zone"
            points={scene.points.map(([x = 0, y = 0]) => `${x * WIDTH},${y * height}`).join(" ")}
          />
        )}
      </g>
      {trails(scene, index, height).map(({ id, isSubject, points }) => (
        <polyline key={id} class={isSubject ? "track-trail subject" : "track-trail"} points={points} />
      ))}
      {frame?.people.map((person) => (
        <Person key={person.id} person={person} height={height} />
      ))}
    </svg>
  );
}

function Person({ person: { box, footprint, is_subject }, height }: { person: SnippetPerson; height: number }) {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = box;
  const [x = 0, y = 0] = footprint;
  return (
    <g class={is_subject ? "track-person subject" : "track-person"}>
      <rect x={x0 * WIDTH} y={y0 * height} width={(x1 - x0) * WIDTH} height={(y1 - y0) * height} rx="4" />
      <circle cx={x * WIDTH} cy={y * height} r="7" />
    </g>
  );
}

/** The way of everybody's feet up to this frame. */
function trails({ frames }: Scene, index: number, height: number) {
  const found = new Map<string, { id: string; isSubject: boolean; points: string }>();
  for (const { people } of frames.slice(0, index + 1)) {
    for (const { id, footprint, is_subject } of people) {
      const [x = 0, y = 0] = footprint;
      const before = found.get(id)?.points ?? "";
      found.set(id, {
        id,
        isSubject: is_subject,
        points: `${before} ${(x * WIDTH).toFixed(1)},${(y * height).toFixed(1)}`,
      });
    }
  }
  return [...found.values()];
}

function signed(seconds: number): string {
  return `${seconds < 0 ? "−" : "+"}${Math.abs(seconds).toFixed(1)} s`;
}
