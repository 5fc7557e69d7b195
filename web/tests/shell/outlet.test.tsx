// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, expect, test } from "vitest";
import { type Session, session } from "../../src/api/session";
import { go } from "../../src/router";
import { findRoute, type Route } from "../../src/routes";
import { Outlet } from "../../src/shell/outlet";

const failing = (name: string): void => {
  const route = findRoute([name])?.route as { -readonly [K in keyof Route]: Route[K] };
  route.load = () => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));
};

const visit = async (where: string): Promise<void> => {
  await act(() => go(where, { replace: true }));
  await act(() => new Promise<void>((done) => setTimeout(done)));
};

afterEach(() => act(() => render(null, document.body)));

test("a page whose files are gone is told as that, and left like any other", async () => {
  session.value = { name: "anna", role: "admin", cameras: "*" } as Session;
  failing("places");
  await act(() => render(<Outlet />, document.body));
  await visit("#/places");
  expect(document.querySelector("h1")?.textContent).toBe("This page did not come");
  await visit("#/nowhere");
  expect(document.querySelector("h1")?.textContent).toBe("There is no such page");
});
