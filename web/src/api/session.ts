// Who is logged in.

import { signal } from "@preact/signals";
import { ApiError, get, post, put, remove, type Schemas, useCsrf, whenUnauthorized } from "./client";

export type Session = Schemas["Session"];
export type Role = Session["role"];

const RANK: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };

/** undefined: not known yet; null: nobody. */
export const session = signal<Session | null | undefined>(undefined);

/** Whether there may be a session: its cookie is hidden from scripts, and asking in vain is an error in the console. */
const HINT = "footfall-session";

export function expectSession(): void {
  localStorage.setItem(HINT, "yes");
}

function take(found: Session | null): void {
  session.value = found;
  useCsrf(found?.csrf ?? "");
  if (!found) localStorage.removeItem(HINT);
}

/** Ask the service who this is. */
export async function refreshSession(): Promise<Session | null> {
  if (localStorage.getItem(HINT) === null) {
    take(null);
    return null;
  }
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
  expectSession();
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

/** Only who sees all cameras there are and will be may add one. */
export const mayAddCameras = (): boolean => may("operator") && session.value?.cameras === "*";

/** Whether models of one's own are trained here. Their pictures may be of any camera: only who sees all may work on them. */
export const hasCustomVision = (): boolean => (session.value?.custom_vision ?? false) && session.value?.cameras === "*";

/** How many days stored predictions are kept; 0: not at all. */
export const predictionDays = (): number => session.value?.prediction_days ?? 0;

export const maySeeRealPixels = (): boolean => session.value?.real_pixels ?? false;

whenUnauthorized(() => take(null));
