// What a person does with a page, where time is made up.

import { act } from "preact/test-utils";
import { vi } from "vitest";

/** Let time pass, and the page do what is due. */
export const pass = (ms: number): Promise<void> => act(async () => void (await vi.advanceTimersByTimeAsync(ms)));

/** Press the button that says just this; of several the last, which is the one in front. */
export const press = async (words: string): Promise<void> => {
  const button = [...document.querySelectorAll("button")].findLast(({ textContent }) => textContent?.trim() === words);
  await act(() => button?.click());
  await pass(0);
};
