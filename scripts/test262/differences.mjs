// What cells do otherwise than scripts, on purpose: which tests of test262 show it, and why it is so.

/** @type {readonly { readonly tests: RegExp, readonly reason: string }[]} */
export const DIFFERENCES = [
  {
    tests: /global-code\/(?:script-)?decl-lex|global-code\/script-decl-(?:lex|func|var)|block-decl-strict/,
    reason: 'Cells may declare any name again: top-level names are properties of the global object.',
  },
];

/** The difference that a failed test shows; null for none. */
export function differenceOf({ name, file, why, features = [] }) {
  const text = `${(name ?? file).replaceAll('\\', '/')} ${features.join(' ')} ${why}`;
  return DIFFERENCES.find(({ tests }) => tests.test(text)) ?? null;
}
