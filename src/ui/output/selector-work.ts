/** What there is in an output for its selectors to be tried at. */
export interface SelectorGround {
  readonly elements: number;
  /** Elements in elements. */
  readonly depth: number;
  /** Most elements beside each other. */
  readonly siblings: number;
  /** Characters of the longest attribute. */
  readonly longestAttribute: number;
  /** How many elements have this name, `.class` or `#id`. */
  readonly count: (key: string) => number;
}

/**
 * Steps that a browser may need to find what a list of selectors selects: at each element that the last part could be,
 * each combinator tries what stands above or before. On the safe side. `outer`: steps for `&`, of the rule around.
 */
export function selectorSteps(list: string, ground: SelectorGround, outer = 1): number {
  return partsOf(list, ',').reduce(
    (sum, selector) => sum + candidates(selector, ground) * complexSteps(selector, ground, outer),
    0,
  );
}

/** The same at one element, which is what `&` of the rules inside costs. */
export function stepsAtOne(list: string, ground: SelectorGround, outer = 1): number {
  return partsOf(list, ',').reduce((sum, selector) => sum + complexSteps(selector, ground, outer), 0);
}

function complexSteps(selector: string, ground: SelectorGround, outer: number): number {
  const compounds = partsOf(selector.trim(), ' ');
  const combinators = compounds.slice(0, -1).map((compound) => /[>~+]$/.exec(compound)?.[0] ?? ' ');
  const onlyDescendants = combinators.every((combinator) => combinator === ' ');
  const factors = { ' ': ground.depth, '~': ground.siblings, '>': 1, '+': 1 };
  const tries = onlyDescendants
    ? Math.max(1, combinators.length) * (combinators.length > 0 ? ground.depth : 1)
    : combinators.reduce((steps, combinator) => steps * factors[combinator as keyof typeof factors], 1);
  const own = compounds.reduce((sum, compound) => sum + compoundSteps(compound, ground, outer), 0);
  return tries * own;
}

/** How many elements a browser tries: it keeps selectors by the id, class or name in their last part. */
function candidates(selector: string, ground: SelectorGround): number {
  const compound = partsOf(selector, ' ').at(-1) ?? '';
  // An escape may be any letter; what stands in brackets is no key.
  if (compound.includes('\\')) return ground.elements;
  const key = /^[^[(:]*/.exec(compound)?.[0] ?? '';
  const name =
    /#[-\w\u0080-\uffff]+/.exec(key) ?? /\.[-\w\u0080-\uffff]+/.exec(key) ?? /^[-\w\u0080-\uffff]+/.exec(key);
  return name ? ground.count(name[0]) : ground.elements;
}

function compoundSteps(compound: string, ground: SelectorGround, outer: number): number {
  let steps = 1 + compound.length / 20;
  for (const { name, argument } of callsIn(compound)) {
    if (name === '[') steps += ground.longestAttribute / 16;
    else if (/^:has$/i.test(name)) steps += ground.elements * (1 + stepsAtOne(argument, ground, outer));
    else if (/^:nth-/i.test(name)) steps += / of /i.test(argument) ? ground.siblings * argument.length : 1;
    else steps += stepsAtOne(argument, ground, outer);
  }
  return steps + (compound.match(/&/g)?.length ?? 0) * outer;
}

const OPENERS = '([';
const CLOSERS = ')]';

/** The pieces of a selector between commas, or between combinators, which stay at the end of the piece before. */
function partsOf(selector: string, between: ',' | ' '): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  let depth = 0;
  let at = 0;
  const end = (to: number, next: number): void => {
    parts.push(selector.slice(from, to).trim());
    from = at = next;
  };
  while (at < selector.length) {
    const char = selector.charAt(at);
    if (char === '\\') at = behindEscape(selector, at);
    else if (char === '"' || char === "'") at = behindString(selector, at);
    else if (OPENERS.includes(char) || CLOSERS.includes(char)) {
      depth += OPENERS.includes(char) ? 1 : -1;
      at++;
    } else if (depth > 0) at++;
    else if (between === ',' && char === ',') end(at, at + 1);
    else if (between === ' ' && /[\s>~+]/.test(char)) {
      COMBINATOR.lastIndex = at;
      const whole = COMBINATOR.exec(selector)?.[0] ?? char;
      end(at + whole.trimEnd().length, at + whole.length);
    } else at++;
  }
  end(selector.length, selector.length);
  return parts;
}

const COMBINATOR = /\s*[>~+]?\s*/y;

const ESCAPE = /\\(?:[\da-f]{1,6}\s?|[^])?/iy;

/** The space that ends an escape belongs to it. */
function behindEscape(text: string, start: number): number {
  ESCAPE.lastIndex = start;
  return start + (ESCAPE.exec(text)?.[0].length ?? 1);
}

function behindString(text: string, start: number): number {
  const quote = text.charAt(start);
  let at = start + 1;
  while (at < text.length && text.charAt(at) !== quote) at += text.charAt(at) === '\\' ? 2 : 1;
  return at + 1;
}

/** `:name(argument)` and `[…]` of a compound; those inside of arguments are theirs. */
function callsIn(compound: string): readonly { readonly name: string; readonly argument: string }[] {
  const calls: { name: string; argument: string }[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < compound.length;) {
    const char = compound.charAt(at);
    if (char === '\\') at = behindEscape(compound, at);
    else if (char === '"' || char === "'") at = behindString(compound, at);
    else {
      if (OPENERS.includes(char) && depth++ === 0) start = at;
      if (CLOSERS.includes(char) && --depth === 0) {
        const name =
          /:[-\w]+$/.exec(compound.slice(Math.max(0, start - 40), start))?.[0] ?? compound.charAt(start);
        calls.push({ name, argument: compound.slice(start + 1, at) });
      }
      at++;
    }
  }
  return calls;
}

/** What all styles of an output may cost each time that they are applied; a table with a rule for each cell costs its length. */
const MOST_STEPS = 5_000_000;

export class SelectorBudget {
  readonly #ground: SelectorGround;
  #left = MOST_STEPS;

  constructor(ground: SelectorGround) {
    this.#ground = ground;
  }

  /** Whether there is still room for these selectors. `outer`: of the rule that they are nested in, 0: in none. */
  admits(list: string, outer: number): boolean {
    const within = outer > 0 && !list.includes('&') ? outer : 1;
    const steps = selectorSteps(list, this.#ground, Math.max(1, outer)) * within;
    if (steps > this.#left) return false;
    this.#left -= steps;
    return true;
  }

  /** What `&` costs in the rules inside of one with these selectors. */
  within(list: string, outer: number): number {
    return Math.max(1, outer) * stepsAtOne(list, this.#ground, Math.max(1, outer));
  }
}
