import type { SelectorBudget } from './selector-work.ts';

/**
 * Styles that notebooks bring, as the browser has parsed them: a value is judged as it will act, whatever escapes and
 * comments it was written with. What may load something, or leave the box of its output, is taken out.
 */

/** Rules of a sheet, safe in a shadow root. `media`: of the style element. Rules for which `budget` has no room are left
 * out. */
export function localSheet(css: string, media: string, budget: SelectorBudget): CSSStyleSheet {
  const sheet = new CSSStyleSheet(media === '' ? {} : { media });
  // Leaves out `@import`, and loads nothing.
  sheet.replaceSync(css);
  keepLocalRules(sheet, budget, { depth: 0, outer: 0 });
  return sheet;
}

interface RuleList {
  readonly cssRules: CSSRuleList;
  deleteRule(index: number): void;
}

/** Deeper nesting is nobody's style. */
const MOST_NESTED = 8;

interface Place {
  readonly depth: number;
  /** Steps for `&`: of the rule of style around, 0: there is none. */
  readonly outer: number;
}

function keepLocalRules(list: RuleList, budget: SelectorBudget, { depth, outer }: Place): void {
  // In their order, so that it is the last ones for which there is no room.
  const rules = Array.from(list.cssRules);
  const kept = rules.map((rule) => depth <= MOST_NESTED && isLocalRule(rule) && isAdmitted(rule));
  for (let i = rules.length - 1; i >= 0; i--) if (kept[i] !== true) list.deleteRule(i);

  function isAdmitted(rule: CSSRule): boolean {
    if (!(rule instanceof CSSStyleRule)) {
      keepLocalInside(rule, budget, { depth: depth + 1, outer });
      return true;
    }
    if (!budget.admits(rule.selectorText, outer)) return false;
    keepLocal(rule.style);
    const inside = rule.cssRules.length > 0 ? budget.within(rule.selectorText, outer) : outer;
    keepLocalInside(rule, budget, { depth: depth + 1, outer: inside });
    return true;
  }
}

function keepLocalInside(rule: CSSRule, budget: SelectorBudget, place: Place): void {
  if (rule instanceof CSSKeyframesRule) {
    for (const frame of rule.cssRules) if (frame instanceof CSSKeyframeRule) keepLocal(frame.style);
    return;
  }
  if (!(rule instanceof CSSStyleRule) && 'style' in rule && rule.style instanceof CSSStyleDeclaration)
    keepLocal(rule.style);
  if ('cssRules' in rule && 'deleteRule' in rule) keepLocalRules(rule as RuleList, budget, place);
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
