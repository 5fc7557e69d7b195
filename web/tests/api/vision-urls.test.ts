import { describe, expect, test } from "vitest";
import { steady } from "../../src/api/vision-urls";

const BASE = "https://10.0.0.7:8971/";
const NOW_S = 1_800_000_000;

describe("signed addresses", () => {
  test("are asked of the host that the page came from, whatever name the service gave itself", () => {
    const uri = `http://cam-box.local:80/customvision/blob/abc?se=${NOW_S + 3600}&sig=x`;
    expect(steady(uri, BASE, NOW_S)).toBe(`https://10.0.0.7:8971/customvision/blob/abc?se=${NOW_S + 3600}&sig=x`);
  });

  test("stay as they are while they are good for long enough, so that no picture is loaded twice", () => {
    const first = steady(`${BASE}blob/stays?se=${NOW_S + 3600}&sig=one`, BASE, NOW_S);
    expect(steady(`${BASE}blob/stays?se=${NOW_S + 3660}&sig=two`, BASE, NOW_S + 60)).toBe(first);
  });

  test("are renewed before they end", () => {
    steady(`${BASE}blob/ends?se=${NOW_S + 3600}&sig=one`, BASE, NOW_S);
    const next = steady(`${BASE}blob/ends?se=${NOW_S + 7000}&sig=two`, BASE, NOW_S + 3400);
    expect(next).toContain("sig=two");
  });

  test("are none where the pixels are gone", () => {
    expect(steady("", BASE, NOW_S)).toBe("");
  });
});
