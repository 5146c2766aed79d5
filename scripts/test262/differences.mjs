// What cells do otherwise than scripts, on purpose: which tests of test262 show it, and why it is so. docs/LANGUAGE.md
// tells it to users.

/** @type {readonly { readonly tests: RegExp, readonly reason: string }[]} */
export const DIFFERENCES = [
  {
    tests: /global-code\/(?:script-)?decl-lex|global-code\/script-decl-(?:lex|func|var)/,
    reason: 'Cells may declare any name again: top-level names are properties of the global object.',
  },
  {
    tests: /-put-(?:let|const)\.js|set-before-initialization|var-env-global-lex/,
    reason: 'For the same reason, const is not protected and a name may be assigned before its let.',
  },
  {
    tests: /expressions\/delete\/|DontDelete|\bdelete\b.*false/,
    reason: 'For the same reason, what var and function declare can be deleted.',
  },
  {
    tests: /'(?:eval|NaN|Infinity|undefined|globalThis)' cannot be declared/,
    reason: 'Names that the language has fixed cannot be declared; scripts leave that without effect.',
  },
  {
    tests: /-await\.js|await-in-(?:global|nested)|await-script-code|value-await|'await' works only/,
    reason: 'await is a word of the language at the top level of cells, and no name.',
  },
  {
    tests: /dynamic-import\/.*SameValue\(«function then\(\)/,
    reason:
      'import() gives a promise of the realm of our code; in cells that is their own, in this script another.',
  },
  {
    tests: /global-code\/(?:export|import)\.js/,
    reason: 'import and export work in cells.',
  },
];

/** The difference that a failed test shows; null for none. */
export function differenceOf({ name, file, why }) {
  const text = `${(name ?? file).replaceAll('\\', '/')} ${why}`;
  return DIFFERENCES.find(({ tests }) => tests.test(text)) ?? null;
}
