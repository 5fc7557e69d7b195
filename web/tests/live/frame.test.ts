import { describe, expect, test } from "vitest";
import { waitAfter } from "../../src/pages/live/connection";
import { unpack } from "../../src/pages/live/frame";

function packed(head: string, jpeg: readonly number[]): ArrayBuffer {
  const text = new TextEncoder().encode(head);
  const bytes = new Uint8Array(4 + text.length + jpeg.length);
  new DataView(bytes.buffer).setUint32(0, text.length);
  bytes.set(text, 4);
  bytes.set(jpeg, 4 + text.length);
  return bytes.buffer;
}

describe("messages of the live view", () => {
  test("head and picture come apart, whatever the script of names", async () => {
    const { head, jpeg } = unpack(packed('{"zones":{"入口":2}}', [0xff, 0xd8, 0xff]));
    expect(head.zones).toEqual({ 入口: 2 });
    expect([...new Uint8Array(await jpeg.arrayBuffer())]).toEqual([0xff, 0xd8, 0xff]);
  });

  test("a message that was cut short is refused", () => {
    expect(() => unpack(packed("{}", []).slice(0, 5))).toThrow(RangeError);
  });
});

test("waits double up to ten seconds", () => {
  expect([0, 1, 2, 3, 9].map(waitAfter)).toEqual([500, 1000, 2000, 4000, 10_000]);
});
