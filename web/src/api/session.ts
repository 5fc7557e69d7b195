// Who is logged in.

import { signal } from "@preact/signals";
import { ApiError, get, post, put, remove, useCsrf, whenUnauthorized } from "./client";

export type Role = "viewer" | "operator" | "admin";

export interface Session {
  name: string;
  role: Role;
  /** "*": all there are and will be. */
  cameras: "*" | string[];
  real_pixels: boolean;
  csrf: string;
  /** False for users of single sign-on. */
  has_password: boolean;
}

const RANK: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };

/** undefined: not known yet; null: nobody. */
export const session = signal<Session | null | undefined>(undefined);

function take(found: Session | null): void {
  session.value = found;
  useCsrf(found?.csrf ?? "");
}

/** Ask the service who this is. */
export async function refreshSession(): Promise<Session | null> {
  try {
    take(await get<Session>("session"));
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    take(null);
  }
  return session.value ?? null;
}

/** Log in; throws ApiError. */
export async function logIn(name: string, password: string): Promise<void> {
  await post("session", { name, password });
  await refreshSession();
}

/** Log out, here at once whatever the service says. */
export async function logOut(): Promise<void> {
  try {
    await remove("session");
  } finally {
    take(null);
  }
}

/** Make the first user, an administrator, by the token of the set-up link. */
export async function setUp(token: string, name: string, password: string): Promise<void> {
  await post("setup", { token, name, password });
  await logIn(name, password);
}

export const changePassword = (old: string, password: string): Promise<void> =>
  put("session/password", { old, new: password });

/** Whether the user has this role or a higher one. */
export function may(role: Role): boolean {
  const found = session.value;
  return found ? RANK[found.role] >= RANK[role] : false;
}

export const maySeeRealPixels = (): boolean => session.value?.real_pixels ?? false;

whenUnauthorized(() => take(null));
