// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Loaded, useLoad } from "../../src/api/use";
import { pass } from "../page";

const EVERY_MS = 1000;

/** A service that answers when it is told to. */
class Service {
  asked: { signal: AbortSignal; answer: (text: string) => void }[] = [];
  ask = (signal: AbortSignal): Promise<string> =>
    new Promise((answer) => {
      this.asked.push({ signal, answer });
    });
}

let service: Service;
let shown: Loaded<string>;

function Page({ name, everyMs }: { name: string; everyMs: number | undefined }) {
  shown = useLoad(name, service.ask, everyMs);
  return null;
}

const open = (everyMs?: number, name = "a"): Promise<void> =>
  act(() => render(<Page name={name} everyMs={everyMs} />, document.body));
const answer = (at: number, text: string): Promise<void> => {
  service.asked[at]?.answer(text);
  return pass(0);
};

beforeEach(() => {
  vi.useFakeTimers();
  service = new Service();
});
afterEach(async () => {
  await act(() => render(null, document.body));
  vi.useRealTimers();
});

test("an answer that takes longer than the pause between two questions is waited for", async () => {
  await open(EVERY_MS);
  await pass(5 * EVERY_MS);
  expect(service.asked).toHaveLength(1);
  await answer(0, "at last");
  expect(shown.data).toBe("at last");
  await pass(EVERY_MS);
  expect(service.asked).toHaveLength(2);
});

test("an answer that never comes is asked for anew", async () => {
  await open(EVERY_MS);
  await pass(40 * EVERY_MS);
  expect(service.asked).toHaveLength(2);
  expect(service.asked[0]?.signal.aborted).toBe(true);
});

test("who asks anew does not wait for the old answer", async () => {
  await open(EVERY_MS);
  await act(() => void shown.reload());
  expect(service.asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  await answer(1, "new");
  await answer(0, "old");
  expect(shown.data).toBe("new");
});

test("whoever ends repeating asks no more", async () => {
  await open(EVERY_MS);
  await answer(0, "done");
  await open();
  await pass(5 * EVERY_MS);
  expect(service.asked).toHaveLength(1);
});

test("what was asked of another place is forgotten", async () => {
  await open(EVERY_MS);
  await open(EVERY_MS, "b");
  expect(service.asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  await answer(0, "of a");
  expect(shown.isLoading).toBe(true);
});
