// The fields that adding and changing a camera share.

import type { NewCamera, Transport } from "../../api/cameras";

export interface CameraForm {
  url: string;
  user: string;
  password: string;
  transport: Transport;
  fps: string;
  width: string;
}

type Settings = Pick<NewCamera, "url" | "transport" | "fps" | "width" | "login">;

export const EMPTY: CameraForm = { url: "", user: "", password: "", transport: "tcp", fps: "10", width: "640" };

/** A login that was typed or pasted into an address goes where it is kept sealed; an `@` in a path is no login. */
export function withoutLogin(form: CameraForm): CameraForm {
  const found = /^([a-z]+:\/\/)([^/:]+(?::(?!\d+\/).*)?)@([^@]*)$/i.exec(form.url.trim());
  if (!found) return { ...form, url: form.url.trim() };
  const [, scheme = "", login = "", rest = ""] = found;
  const [user = "", ...password] = login.split(":");
  return { ...form, url: scheme + rest, user: decoded(user), password: decoded(password.join(":")) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What the service is told; a login only where a user was given. */
export function settingsOf(form: CameraForm): Settings {
  const { url, user, password } = withoutLogin(form);
  return {
    url,
    transport: form.transport,
    fps: Number(form.fps),
    width: Number(form.width),
    ...(user && { login: { user, password } }),
  };
}

/** A name for a camera at an address: the host, without what all have in common. */
export function nameFor(url: string): string {
  const host = /^[a-z]+:\/\/(?:.*@)?([^/:?]+)/i.exec(url)?.[1] ?? "";
  return host ? `camera ${host}` : "";
}
