// How to mend what the service complains about. A reason is a code, and after a colon what it is about.

const CURES: Readonly<Record<string, string>> = {
  "camera-unauthorized": "The camera refuses the name or password: give them anew on the page of the camera.",
  "camera-timeout": "The camera does not answer: is it switched on, and in this network?",
  "camera-refused": "Nobody answers at the camera's address: look at its port, and whether RTSP is switched on there.",
  "camera-not-found": "The camera knows no such stream: look at the path of its address.",
  "camera-unreachable": "No way leads to the camera: look at its address and at the network.",
  "camera-blocked":
    "The camera's name leads where cameras of this page may not be: look at its address and at the DNS.",
  "store-away": "Events are kept aside until the store is back: start its server, or look at its address.",
  "disk-full": "Delete recordings or old backups, or give the data folder a larger disk.",
  "disk-low": "Delete recordings or old backups before the disk is full.",
  "reserve-low": "Room that is kept for a full disk is not there: make free space; it is taken again by itself.",
  "clock-stepped": "The clock of this machine jumped: let it follow a time server (systemd-timesyncd, chrony).",
  "clock-drift": "The camera's clock is off: let it follow a time server.",
  "outbox-growing": "A receiver of events does not take them: look at its address and at whether it runs.",
};

export function cureOf(code: string): string {
  return CURES[code.split(":")[0] ?? ""] ?? "";
}

/** `Camera unauthorized: front`. */
export function subjectOf(code: string): string {
  const [what = "", ...about] = code.split(":");
  const words = what.replaceAll("-", " ");
  return [words.charAt(0).toUpperCase() + words.slice(1), ...about].join(": ");
}
