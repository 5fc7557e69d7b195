// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, expect, test, vi } from "vitest";
import { NewTag } from "../../../src/pages/vision/tags";
import type { Work } from "../../../src/pages/vision/use-work";

afterEach(async () => {
  await act(() => render(null, document.body));
  vi.unstubAllGlobals();
});

const field = (): HTMLInputElement => document.querySelector("input") as HTMLInputElement;
const type = (text: string): Promise<void> =>
  act(() => {
    field().value = text;
    field().dispatchEvent(new Event("input", { bubbles: true }));
  });

test.each([
  ["a tag that is made leaves the field", "disc", ""],
  ["what was typed while the service was at it stays", "square", "square"],
])("%s", async (_, typed, left) => {
  let answer = (_: Response): void => undefined;
  vi.stubGlobal("fetch", () => new Promise<Response>((told) => (answer = told)));
  const work = { id: "p", reload: async () => undefined } as unknown as Work;
  await act(() => render(<NewTag work={work} />, document.body));
  await type("disc");
  await act(() => void document.querySelector("form")?.requestSubmit());
  await type(typed);
  await act(async () => {
    answer(Response.json({ id: "1", name: "disc" }));
    await new Promise((done) => setTimeout(done));
  });
  expect(field().value).toBe(left);
});
