/**
 * Styles that notebooks bring, as the browser has parsed them: a value is judged as it will act, whatever escapes and
 * comments it was written with. What may load something, or leave the box of its output, is taken out.
 */

/** Rules of a sheet, safe in a shadow root. `media`: of the style element. */
export function localSheet(css: string, media: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet(media === '' ? {} : { media });
  // Leaves out `@import`, and loads nothing.
  sheet.replaceSync(css);
  keepLocalRules(sheet, 0);
  return sheet;
}

interface RuleList {
  readonly cssRules: CSSRuleList;
  deleteRule(index: number): void;
}

/** Deeper nesting is nobody's style. */
const MOST_NESTED = 8;

function keepLocalRules(list: RuleList, depth: number): void {
  for (let i = list.cssRules.length - 1; i >= 0; i--) {
    const rule = list.cssRules.item(i);
    if (!rule || depth > MOST_NESTED || !isLocalRule(rule)) {
      list.deleteRule(i);
      continue;
    }
    if ('style' in rule && rule.style instanceof CSSStyleDeclaration) keepLocal(rule.style);
    if (rule instanceof CSSKeyframesRule) {
      for (const frame of rule.cssRules) if (frame instanceof CSSKeyframeRule) keepLocal(frame.style);
    } else if ('cssRules' in rule && 'deleteRule' in rule) {
      keepLocalRules(rule as RuleList, depth + 1);
    }
  }
}

/** The element that holds an output is ours, and fonts and properties are the whole page's. */
function isLocalRule(rule: CSSRule): boolean {
  if (rule instanceof CSSStyleRule) return !/:host|::slotted|::part/i.test(rule.selectorText);
  return LOCAL_RULES.some((kind) => kind in window && rule instanceof window[kind]);
}

const LOCAL_RULES = [
  'CSSMediaRule',
  'CSSSupportsRule',
  'CSSKeyframesRule',
  'CSSContainerRule',
  'CSSLayerBlockRule',
  'CSSNestedDeclarations',
] as const;

/** Takes out declarations that are not local; whether there were any. */
export function keepLocal(style: CSSStyleDeclaration): boolean {
  const bad = Array.from(style).filter((property) => !isLocal(property, style.getPropertyValue(property)));
  for (const property of bad) style.removeProperty(property);
  return bad.length > 0;
}

function isLocal(property: string, value: string): boolean {
  if (property === 'position') return !/fixed|sticky/i.test(value);
  if (property === 'behavior' || property === '-moz-binding') return false;
  return isLocalValue(value);
}

/** Pictures of points, as data. */
const DATA_PICTURE = /^data:image\/(?:png|jpeg|gif|webp|avif|bmp)[;,]/i;

export function isDataPicture(address: string): boolean {
  return DATA_PICTURE.test(address);
}

/**
 * Whether a value of CSS names nothing elsewhere: addresses are `#…` or pictures as data. Values with variables are
 * kept by browsers as they were typed, so an escape, which could hide a name, is refused outside of strings.
 */
export function isLocalValue(value: string): boolean {
  if (!/[\\(]/.test(value)) return true;
  if (value.length > MOST_ESCAPED && value.includes('\\')) return false;
  const bare = withoutStrings(value);
  if (bare.includes('\\')) return false;
  if (/(?:image-set|image|src|element|cross-fade|paint)\s*\(/i.test(bare)) return false;
  for (const { index, 0: start } of value.matchAll(/url\s*\(/gi)) {
    const address = value
      .slice(index + start.length)
      .trimStart()
      .replace(/^["']/, '');
    if (!address.startsWith('#') && !isDataPicture(address)) return false;
  }
  return true;
}

/** Characters of a value that has escapes. */
const MOST_ESCAPED = 2000;

/** Strings may hold anything; an address in `url("…")` is looked at apart. */
function withoutStrings(value: string): string {
  return value.replace(/"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'/g, '""');
}
