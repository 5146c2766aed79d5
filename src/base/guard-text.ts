/**
 * The text of the guards that `lang/loop-guards.ts` puts into loops, and how to take it out again: functions
 * travel, and are shown, as the user wrote them.
 */

/** What a realm must have as a global function: how many rounds have passed in, how many may pass out. */
export const GUARD = '__tuttiGuard';
/** What a realm must have as a global function: what a `for … of` goes through in, the same with a guard out. */
export const GUARD_ITEMS = '__tuttiItems';

/** Rounds that may pass between two checks where each is short. */
const ROUNDS_OF_SHORT_ONES = 65_535;

/** Comments tell our brackets from the user's. */
const MARK = '/*__tutti*/';
/** Counting down in one variable costs least: it stays in a register, and the other is touched when it is at 0. */
const COUNT = {
  own: {
    declare: `{let __tuttiK=${String(ROUNDS_OF_SHORT_ONES)};`,
    check: `if(--__tuttiK<0){__tuttiK=${String(ROUNDS_OF_SHORT_ONES)};${GUARD}(0)}`,
  },
  shared: {
    declare: '{let __tuttiN=0,__tuttiM=0;',
    check: `if(--__tuttiN<0)__tuttiN=__tuttiM=${GUARD}(__tuttiM);`,
  },
} as const;

/** How a loop is counted: by itself, or together with the others of its function. */
export type CountKind = keyof typeof COUNT;

export const GUARD_TEXT = {
  /** Before a loop (and its labels) that brings a counter, and behind it. */
  beforeLoop: (kind: CountKind) => COUNT[kind].declare,
  afterLoop: `${MARK}}`,
  /** At the start of a loop's block. */
  check: (kind: CountKind) => COUNT[kind].check,
  /** Around a body that is no block. */
  beforeBody: (kind: CountKind) => `{${MARK}${COUNT[kind].check}`,
  afterBody: `${MARK}}`,
  /** Around what a `for … of` goes through. `name`: what it is called, if it has a plain name. */
  beforeItems: `${GUARD_ITEMS}(`,
  afterItems: (name: string) => `,"${name}"${MARK})`,
} as const;

const escaped = (text: string) => text.replaceAll(/[/*+(){}]/g, String.raw`\$&`);
const GUARDS = new RegExp(
  [
    ...(['own', 'shared'] as const).flatMap((kind) => [
      GUARD_TEXT.beforeLoop(kind),
      GUARD_TEXT.beforeBody(kind),
      GUARD_TEXT.check(kind),
    ]),
    GUARD_TEXT.afterLoop,
    GUARD_TEXT.beforeItems,
  ]
    .map(escaped)
    .concat(String.raw`,"[\w$]*"${escaped(MARK)}\)`)
    .join('|'),
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
