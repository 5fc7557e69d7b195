// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { get } from "../../src/api/client";

afterEach(() => vi.unstubAllGlobals());

test("a service that goes in the middle of its answer is told as one that does not answer", async () => {
  const body = new ReadableStream<Uint8Array>({
    start(line) {
      line.enqueue(new TextEncoder().encode('{"cameras": ['));
      line.error(new TypeError("network error"));
    },
  });
  vi.stubGlobal("fetch", async () => new Response(body, { headers: { "Content-Type": "application/json" } }));
  await expect(get("cameras")).rejects.toMatchObject({ code: "unreachable" });
});
