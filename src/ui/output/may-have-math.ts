/** Whether there may be formulas in a text, so that `math.ts` is worth loading. */
export function mayHaveMath(source: string): boolean {
  return /\$|\\[([]|\\begin\{/.test(source);
}
