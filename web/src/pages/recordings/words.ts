// Recordings in words.

/** `1 recording`, `12 recordings`. */
export const manyInWords = (count: number): string => `${count} ${count === 1 ? "recording" : "recordings"}`;

/** What cannot be deleted yet; empty where there is nothing. */
export function growingInWords(count: number): string {
  if (count === 0) return "";
  const [are, they] = count === 1 ? ["is", "it is"] : ["are", "they are"];
  return `${manyInWords(count)} of this time ${are} still being written: delete again once ${they} complete.`;
}
