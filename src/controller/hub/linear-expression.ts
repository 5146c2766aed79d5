/**
 * Regular expressions of queries. The hub answers on the frame's main thread, and the engine of the language tries
 * alternatives one after the other: `(a+)+$` at thirty letters takes minutes. Here all alternatives go through the text
 * side by side (Thompson's construction), so the work is the length of the text times that of the expression.
 */

/** One step of the program: what it takes, and where it goes on. */
type Step =
  | { readonly type: 'letter'; readonly matches: (letter: string) => boolean }
  | { readonly type: 'place'; readonly holds: (letters: readonly string[], at: number) => boolean }
  | { readonly type: 'fork'; to: readonly number[] }
  | { readonly type: 'end' };

/** Steps of a program, after its repetitions are written out. */
const MOST_STEPS = 2000;
const LONGEST_SOURCE = 1000;

/** How much the expressions of one query may do. */
export class MatchingBudget {
  #left = 20_000_000;

  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0)
      throw new Error('its expressions take too long for the texts here; ask for less, or use $glob.');
  }
}

/** A RegExp whose `test` is linear and asks the budget; for whoever knows what a RegExp is. */
export class LinearExpression extends RegExp {
  readonly #program: readonly Step[];
  readonly #budget: MatchingBudget;

  /** @throws Error for what is no expression, or none of ours. */
  constructor(source: string, flags: string, budget: MatchingBudget) {
    super(source, flags.replaceAll(/[gy]/g, ''));
    if (source.length > LONGEST_SOURCE)
      throw new Error(`an expression has at most ${String(LONGEST_SOURCE)} characters.`);
    if (flags.includes('v')) throw new Error('an expression of a query has no flag v; u does.');
    this.#program = new Compiler(source, this.flags).compile();
    this.#budget = budget;
  }

  override test(value: unknown): boolean {
    // As the language does: anything is a text.
    const text = String(value);
    const letters = this.unicode ? Array.from(text) : text.split('');
    const program = this.#program;
    const seen = new Int32Array(program.length).fill(-1);
    let now: number[] = [];
    /** Whether the end of the expression is reached. */
    const enter = (first: number, at: number, into: number[]): boolean => {
      let found = false;
      const waiting = [first];
      for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) {
        if (seen[step] === at) continue;
        seen[step] = at;
        const { [step]: todo } = program;
        if (todo?.type === 'end') found = true;
        else if (todo?.type === 'letter') into.push(step);
        else if (todo?.type === 'fork') waiting.push(...todo.to);
        else if (todo?.holds(letters, at) === true) waiting.push(step + 1);
      }
      return found;
    };
    for (let at = 0; at <= letters.length; at++) {
      // It may begin anywhere.
      if (enter(0, at, now)) return true;
      if (at === letters.length) break;
      this.#budget.spend(now.length + 1);
      const next: number[] = [];
      for (const step of now) {
        const { [step]: todo } = program;
        const goesOn = todo?.type === 'letter' && todo.matches(letters[at] ?? '');
        if (goesOn && enter(step + 1, at + 1, next)) return true;
      }
      now = next;
    }
    return false;
  }
}

/** A part of the expression: writes its steps at the end of the program. */
type Part = () => void;

class Compiler {
  readonly #source: string;
  readonly #flags: string;
  readonly #steps: Step[] = [];
  readonly #matchers = new Map<string, (letter: string) => boolean>();
  #at = 0;

  constructor(source: string, flags: string) {
    this.#source = source;
    this.#flags = flags;
  }

  compile(): readonly Step[] {
    this.#alternatives()();
    this.#add({ type: 'end' });
    return this.#steps;
  }

  #add(step: Step): number {
    if (this.#steps.length >= MOST_STEPS) throw new Error('its expression repeats too much.');
    return this.#steps.push(step) - 1;
  }

  /** `a|b|…`, up to the end or to the bracket that ends it. */
  #alternatives(): Part {
    const parts = [this.#sequence()];
    while (this.#take('|')) parts.push(this.#sequence());
    return parts.length === 1 ? (parts[0] as Part) : () => this.#either(parts);
  }

  #either(parts: readonly Part[]): void {
    const fork = { type: 'fork' as const, to: [] as number[] };
    this.#add(fork);
    const ends: { type: 'fork'; to: number[] }[] = [];
    for (const part of parts) {
      fork.to.push(this.#steps.length);
      part();
      const end = { type: 'fork' as const, to: [] as number[] };
      this.#add(end);
      ends.push(end);
    }
    for (const end of ends) end.to.push(this.#steps.length);
  }

  #sequence(): Part {
    const parts: Part[] = [];
    while (this.#at < this.#source.length && !/[|)]/.test(this.#source.charAt(this.#at)))
      parts.push(this.#repeated(this.#atom()));
    return () => {
      for (const part of parts) part();
    };
  }

  /** A part with its `*`, `+`, `?`, `{2,3}`; a `?` behind these changes what is found, not whether. */
  #repeated(part: Part): Part {
    QUANTIFIER.lastIndex = this.#at;
    const found = QUANTIFIER.exec(this.#source);
    if (!found) return part;
    this.#at += found[0].length;
    const [, sign = '', least, comma, most] = found;
    const from = least === undefined ? Number(sign === '+') : Number(least);
    const to =
      least === undefined
        ? sign === '?'
          ? 1
          : Infinity
        : comma === undefined
          ? from
          : Number(most || Infinity);
    return () => {
      for (let i = 0; i < from; i++) part();
      if (to === Infinity) this.#loop(part);
      else for (let i = from; i < to; i++) this.#either([part, () => undefined]);
    };
  }

  #loop(part: Part): void {
    const fork = { type: 'fork' as const, to: [] as number[] };
    const start = this.#add(fork);
    part();
    this.#add({ type: 'fork', to: [start] });
    fork.to.push(start + 1, this.#steps.length);
  }

  #atom(): Part {
    const source = this.#source;
    if (this.#take('(')) return this.#group();
    const pattern = this.#flags.includes('u') ? UNICODE_ATOM : ATOM;
    pattern.lastIndex = this.#at;
    const atom = pattern.exec(source)?.[0] ?? source.charAt(this.#at);
    this.#at += atom.length;
    const place = PLACES[atom];
    if (place) {
      const multiline = this.#flags.includes('m');
      return () => this.#add({ type: 'place', holds: (letters, at) => place(letters, at, multiline) });
    }
    if (/^\\[1-9k]/.test(atom)) throw new Error('it refers back to a group, which queries cannot.');
    const matches = this.#matcher(atom);
    return () => this.#add({ type: 'letter', matches });
  }

  #group(): Part {
    GROUP.lastIndex = this.#at;
    const begin = GROUP.exec(this.#source)?.[0] ?? '';
    if (begin === '' && this.#source.charAt(this.#at) === '?')
      throw new Error('it looks ahead or behind, which queries cannot.');
    this.#at += begin.length;
    const inside = this.#alternatives();
    this.#take(')');
    return inside;
  }

  /** Of one letter the language's own engine tells it. */
  #matcher(atom: string): (letter: string) => boolean {
    const known = this.#matchers.get(atom);
    if (known) return known;
    const expression = new RegExp(`^(?:${atom})$`, this.#flags.replaceAll('m', ''));
    const answers = new Map<string, boolean>();
    const matches = (letter: string): boolean => {
      let answer = answers.get(letter);
      if (answer === undefined) answers.set(letter, (answer = expression.test(letter)));
      return answer;
    };
    this.#matchers.set(atom, matches);
    return matches;
  }

  #take(char: string): boolean {
    if (this.#source.charAt(this.#at) !== char) return false;
    this.#at++;
    return true;
  }
}

const QUANTIFIER = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/y;
/** A letter, one with its escape, or a class. */
const ATOM = /\\(?:u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[A-Za-z]|[^])|\[(?:\\[^]|[^\]\\])*\]|[^]/y;
/** With the flag `u`. */
const UNICODE_ATOM =
  /\\(?:u[\da-fA-F]{4}|u\{[\da-fA-F]+\}|x[\da-fA-F]{2}|c[A-Za-z]|[pP]\{[^}]*\}|[^])|\[(?:\\[^]|[^\]\\])*\]|[^]/uy;
const GROUP = /\?:|\?<[^=!>][^>]*>/y;

type Place = (letters: readonly string[], at: number, multiline: boolean) => boolean;

const PLACES: Readonly<Record<string, Place>> = {
  '^': (letters, at, multiline) => at === 0 || (multiline && isLineEnd(letters[at - 1])),
  $: (letters, at, multiline) => at === letters.length || (multiline && isLineEnd(letters[at])),
  '\\b': (letters, at) => isWord(letters[at - 1]) !== isWord(letters[at]),
  '\\B': (letters, at) => isWord(letters[at - 1]) === isWord(letters[at]),
};

function isLineEnd(letter: string | undefined): boolean {
  return letter !== undefined && /^[\n\r\u2028\u2029]$/.test(letter);
}

function isWord(letter: string | undefined): boolean {
  return letter !== undefined && /^\w$/.test(letter);
}
