/**
 * The text of the guards that `lang/loop-guards.ts` puts into loops, and how to take it out again: functions
 * travel, and are shown, as the user wrote them.
 */

/** What a realm must have as a global function: how many rounds have passed in, how many may pass out. */
export const GUARD = '__tuttiGuard';

/** Comments tell our brackets from the user's. */
const MARK = '/*__tutti*/';
const CHECK = `if(++__tuttiN>__tuttiM){__tuttiN=0;__tuttiM=${GUARD}(__tuttiM)}`;

export const GUARD_TEXT = {
  /** Before a loop (and its labels). `rounds`: how many pass before the first check. */
  beforeLoop: (rounds: number) => `{let __tuttiN=0,__tuttiM=${String(rounds)};`,
  /** Behind a loop. */
  afterLoop: `${MARK}}`,
  /** At the start of a loop's block. */
  check: CHECK,
  /** Around a body that is no block. */
  beforeBody: `{${MARK}${CHECK}`,
  afterBody: `${MARK}}`,
} as const;

const escaped = (text: string) => text.replaceAll(/[/*+(){}]/g, String.raw`\$&`);
const GUARDS = new RegExp(
  [
    String.raw`\{let __tuttiN=0,__tuttiM=\d+;`,
    escaped(GUARD_TEXT.beforeBody),
    escaped(GUARD_TEXT.afterBody),
    escaped(CHECK),
  ].join('|'),
  'g',
);

/** The text before guards were put into it. */
export function withoutGuards(text: string): string {
  return text.includes('__tutti') ? text.replaceAll(GUARDS, '') : text;
}

/** What `f.toString()` gives, without guards. */
export function functionText(fn: object): string {
  return withoutGuards(Function.prototype.toString.call(fn));
}
