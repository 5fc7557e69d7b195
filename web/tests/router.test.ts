// @vitest-environment happy-dom
import { describe, expect, test } from "vitest";
import { path, query } from "../src/api/client";
import { link, placeOf } from "../src/router";
import { findRoute } from "../src/routes";

describe("addresses", () => {
  test.each([
    ["", []],
    ["#/", []],
    ["#/cameras/add", ["cameras", "add"]],
    ["#/cameras/front%20door%2F2/regions", ["cameras", "front door/2", "regions"]],
    ["#/cameras/100%", ["cameras", "100%"]],
  ])("%s means %j", (fragment, parts) => {
    expect(placeOf(fragment).parts).toEqual(parts);
  });

  test("a token is read out of the fragment", () => {
    expect(placeOf("#/setup?token=a%2Bb").query.get("token")).toBe("a+b");
  });

  test.each(["Tür/2 ?#&", "../..", "入口"])("the name %s survives a link", (name) => {
    expect(placeOf(link("cameras", name, "regions")).parts).toEqual(["cameras", name, "regions"]);
  });

  test("fixed parts win over names", () => {
    expect(findRoute(["cameras", "add"])?.route.path).toBe("cameras/add");
    expect(findRoute(["cameras", "lobby", "edit"])?.params).toEqual({ camera: "lobby" });
    expect(findRoute(["nowhere"])).toBeNull();
  });

  test("names in the API's addresses are encoded", () => {
    expect(path`cameras/${"a/b?"}/regions`).toBe("cameras/a%2Fb%3F/regions");
    expect(query({ from: "2026-01-01T00:00:00Z", camera: undefined, region: "" })).toBe(
      "?from=2026-01-01T00%3A00%3A00Z",
    );
  });
});
