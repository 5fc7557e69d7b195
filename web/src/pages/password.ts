// What the page asks of a password before the service judges it.

export const SHORTEST = 12;
export const PASSWORD_HINT = `At least ${SHORTEST} characters; several words are easiest to remember.`;

/** What is wrong with a new password, if anything. */
export function passwordProblem(password: string): string | undefined {
  const missing = SHORTEST - [...password].length;
  return missing > 0 ? `${missing} more character${missing === 1 ? "" : "s"}` : undefined;
}
