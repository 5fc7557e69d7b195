// How the service's words become sentences.

/** `a line` becomes `A line.` */
export function sentence(words: string): string {
  const text = words.trim();
  return text && text.slice(0, 1).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
}
