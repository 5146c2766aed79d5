/** Prints for the reader of a cell: `console.log` is stdout there. */
export function print(text: string): void {
  // eslint-disable-next-line no-console -- printing is what the callers promise; this is their one place
  console.log(text);
}
