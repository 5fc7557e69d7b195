// Every page: its address, who may open it, where it stands in the menu. One file per page under pages/.

import type { ComponentType } from "preact";
import { hasCustomVision, type Role } from "./api/session";
import type { IconName } from "./ui";

/** What a page gets: the `:names` of its address, decoded. */
export interface PageProps {
  params: Readonly<Record<string, string>>;
}

export interface Route {
  /** Parts of the address; `:name` matches any. */
  path: string;
  load: () => Promise<{ default: ComponentType<PageProps> }>;
  role: Role;
  /** Whether the service offers it at all; always where nothing is said. */
  isOffered?: () => boolean;
  menu?: { words: string; icon: IconName; group: "watch" | "manage" };
}

export const ROUTES: readonly Route[] = [
  {
    path: "live",
    load: () => import("./pages/live"),
    role: "viewer",
    menu: { words: "Live", icon: "live", group: "watch" },
  },
  { path: "live/:camera", load: () => import("./pages/live"), role: "viewer" },
  {
    path: "numbers",
    load: () => import("./pages/numbers"),
    role: "viewer",
    menu: { words: "Numbers", icon: "chart", group: "watch" },
  },
  {
    path: "places",
    load: () => import("./pages/places"),
    role: "viewer",
    menu: { words: "Places", icon: "door", group: "watch" },
  },
  {
    path: "events",
    load: () => import("./pages/events"),
    role: "viewer",
    menu: { words: "Events", icon: "list", group: "watch" },
  },
  { path: "events/:id", load: () => import("./pages/event"), role: "viewer" },
  {
    path: "recordings",
    load: () => import("./pages/recordings"),
    role: "operator",
    menu: { words: "Recordings", icon: "video", group: "watch" },
  },
  {
    path: "cameras",
    load: () => import("./pages/cameras"),
    role: "viewer",
    menu: { words: "Cameras", icon: "camera", group: "manage" },
  },
  { path: "cameras/add", load: () => import("./pages/camera-add"), role: "operator" },
  { path: "cameras/:camera/edit", load: () => import("./pages/camera-edit"), role: "operator" },
  { path: "cameras/:camera/regions", load: () => import("./pages/regions"), role: "viewer" },
  {
    path: "accuracy",
    load: () => import("./pages/accuracy"),
    role: "operator",
    menu: { words: "Accuracy", icon: "check", group: "manage" },
  },
  { path: "accuracy/:id", load: () => import("./pages/accuracy-audit"), role: "operator" },
  {
    path: "vision",
    load: () => import("./pages/vision"),
    role: "operator",
    isOffered: hasCustomVision,
    menu: { words: "Custom Vision", icon: "tag", group: "manage" },
  },
  {
    path: "vision/:project",
    load: () => import("./pages/vision-project"),
    role: "operator",
    isOffered: hasCustomVision,
  },
  {
    path: "vision/:project/pictures/:picture",
    load: () => import("./pages/vision-picture"),
    role: "operator",
    isOffered: hasCustomVision,
  },
  {
    path: "vision/:project/iterations/:iteration",
    load: () => import("./pages/vision-iteration"),
    role: "operator",
    isOffered: hasCustomVision,
  },
  {
    path: "configuration",
    load: () => import("./pages/configuration"),
    role: "admin",
    menu: { words: "Configuration", icon: "history", group: "manage" },
  },
  {
    path: "users",
    load: () => import("./pages/users"),
    role: "admin",
    menu: { words: "Users", icon: "people", group: "manage" },
  },
  {
    path: "tokens",
    load: () => import("./pages/tokens"),
    role: "admin",
    menu: { words: "API tokens", icon: "key", group: "manage" },
  },
  {
    path: "audit",
    load: () => import("./pages/audit"),
    role: "admin",
    menu: { words: "Audit log", icon: "shield", group: "manage" },
  },
  {
    path: "system",
    load: () => import("./pages/system"),
    role: "admin",
    menu: { words: "System", icon: "settings", group: "manage" },
  },
  { path: "account", load: () => import("./pages/account"), role: "viewer" },
];

export const isOffered = (route: Route): boolean => route.isOffered?.() ?? true;

export interface Found {
  route: Route;
  params: Record<string, string>;
}

/** The page at an address; fixed parts win over names. */
export function findRoute(parts: readonly string[]): Found | null {
  const found = ROUTES.map((route) => ({ route, params: matched(route.path.split("/"), parts) }));
  const fits = found.filter((one): one is Found => one.params !== null);
  return fits.sort((a, b) => Object.keys(a.params).length - Object.keys(b.params).length)[0] ?? null;
}

function matched(pattern: readonly string[], parts: readonly string[]): Record<string, string> | null {
  if (pattern.length !== parts.length) return null;
  const params: Record<string, string> = {};
  for (const [i, part] of parts.entries()) {
    const expected = pattern[i] ?? "";
    if (expected.startsWith(":")) params[expected.slice(1)] = part;
    else if (expected !== part) return null;
  }
  return params;
}
