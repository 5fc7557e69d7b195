// Addresses live in the fragment (#/cameras/front?edit=1), so that no server ever sees what is in them.

import { computed, signal } from "@preact/signals";

export interface Place {
  /** Decoded parts of the path: ["cameras", "front"]. */
  parts: readonly string[];
  query: URLSearchParams;
}

/** What a fragment means; parts that are not percent-encoded properly stay as they are. */
export function placeOf(fragment: string): Place {
  const [where = "", search = ""] = fragment.replace(/^#?\/?/, "").split(/\?(.*)/s);
  return { parts: where.split("/").filter(Boolean).map(decoded), query: new URLSearchParams(search) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The fragment of a place: link("cameras", name, "regions"). */
export function link(...parts: readonly string[]): string {
  return `#/${parts.map(encodeURIComponent).join("/")}`;
}

const fragment = signal(location.hash);
export const place = computed(() => placeOf(fragment.value));

/** Asked before the page leaves a place; a reason in words keeps it there until the user agrees. */
let guard: (() => string | null) | null = null;

/** Guard the present page against losing work; the result ends it. */
export function guardLeaving(reason: () => string | null): () => void {
  const unload = (event: BeforeUnloadEvent): void => {
    if (reason()) event.preventDefault();
  };
  guard = reason;
  window.addEventListener("beforeunload", unload);
  return () => {
    if (guard === reason) guard = null;
    window.removeEventListener("beforeunload", unload);
  };
}

/** Go to a place, as a click on its link does. */
export function go(to: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, "", to);
  else location.hash = to;
  if (replace) follow();
}

function follow(): void {
  if (location.hash === fragment.value) return;
  const reason = guard?.();
  if (reason && !window.confirm(reason)) history.replaceState(null, "", fragment.value || "#/");
  else fragment.value = location.hash;
}

window.addEventListener("hashchange", follow);
