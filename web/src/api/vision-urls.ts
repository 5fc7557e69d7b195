// Addresses of pictures and exports: signed by the service, good for a while.

const ENDING_S = 300;

const kept = new Map<string, string>();

/**
 * A signed address as this page may load it: by the name under which the page itself was opened. The signature is renewed
 * with every answer; as long as the one from before is good for some minutes more, it stays, so that no picture is loaded twice.
 */
export function steady(uri: string, base: string, nowS: number): string {
  if (!uri) return "";
  const signed = new URL(uri, base);
  const before = kept.get(signed.pathname);
  if (before && endsAtS(before) - nowS > ENDING_S) return before;
  const own = new URL(signed.pathname + signed.search, base).href;
  kept.set(signed.pathname, own);
  return own;
}

/** Until when it is good, in seconds since 1970. */
function endsAtS(uri: string): number {
  return Number(new URL(uri).searchParams.get("se")) || 0;
}

/** A picture or an export, for <img> and downloads. */
export function pictureAddress(uri: string): string {
  return steady(uri, document.baseURI, Date.now() / 1000);
}
