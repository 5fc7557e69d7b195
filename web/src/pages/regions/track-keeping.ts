// Switching on the recording of tracks, by one line of the configuration.

import { type Config, getConfig, saveConfig } from "../../api/config";

export const HOURS = 24;
const LINE = `  tracks_hours: ${HOURS}`;

/** A footfall.yaml that keeps tracks; null where it is written in a way that people must change themselves. */
export function withTracks(text: string): string | null {
  const lines = text.split("\n");
  if (lines.some((line) => /^["'{[]/.test(line))) return null;
  const at = lines.findIndex((line) => /^service\s*:/.test(line));
  if (at < 0) return `${text.replace(/\n*$/, "\n")}service:\n${LINE}\n`;
  if (!/^service\s*:\s*(#.*)?$/.test(lines[at] ?? "")) return null;
  const end = lines.findIndex((line, i) => i > at && /^\S/.test(line));
  const inside = lines.slice(at + 1, end < 0 ? undefined : end);
  const old = inside.findIndex((line) => /^\s+tracks_hours\s*:/.test(line));
  if (old >= 0) return lines.with(at + 1 + old, (lines[at + 1 + old] ?? "").replace(/:.*/, `: ${HOURS}`)).join("\n");
  const indent = /^\s+/.exec(inside.find((line) => /^\s+\w/.test(line)) ?? "")?.[0] ?? "  ";
  return lines.toSpliced(at + 1, 0, indent + LINE.trim()).join("\n");
}

/** Whether a configuration keeps tracks. */
export function keepsTracks({ document }: Config): boolean {
  const service: unknown = document?.service;
  return (
    typeof service === "object" && service !== null && "tracks_hours" in service && Number(service.tracks_hours) > 0
  );
}

/** Whether it could be done here; read anew, as drawings saved on this page are newer versions. */
export async function keepTracks(): Promise<boolean> {
  const { document, text, version } = await getConfig();
  const changed = document ? withTracks(text) : null;
  if (changed === null) return false;
  await saveConfig(changed, `tracks are kept for ${HOURS} hours`, version);
  return true;
}
