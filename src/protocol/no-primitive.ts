/** An object that has a text of its own. */
interface Shown {
  readonly toString: () => string;
}

/**
 * What `Symbol.toPrimitive` of an object of the API gives: its text where a text is wanted. It is no number, and
 * nothing is equal to it, more than it, or added to it: `advice` says what to do instead.
 * @throws TypeError for everything but text.
 */
export function noPrimitive(object: Shown, hint: string, advice: string): string {
  const text = object.toString();
  if (hint === 'string') return text;
  throw new TypeError(`${text} cannot be compared, added or used as a number: ${advice}`);
}
