import { CellSyntaxError } from '../../lang/cell-syntax-error.ts';
import { compileCell } from '../../lang/compile-cell.ts';
import { TuttiError } from '../../protocol/tutti-error.ts';

/**
 * The flags of magics: `%%px --targets 0,2 --noblock -o ar`. A mistake is a `UsageError` that shows the line,
 * points at the column and lists what there is; nothing of the cell has run by then.
 */

/** `flag`: stands alone. `value`: takes the next word, or what follows `=`. */
export interface FlagSpec {
  readonly kind: 'flag' | 'value';
  /** Long names and short ones as typed: `['--targets', '-t']`. The first one is its key. */
  readonly names: readonly [string, ...string[]];
  /** For `value`: what to call the value in the usage text. */
  readonly value?: string;
  readonly help: string;
}

export interface ParsedFlags {
  /** By the spec's first name; true for flags. The last one given wins. */
  readonly values: ReadonlyMap<string, string | true>;
  /** In the order given, so that of `--block --noblock` the last wins. */
  readonly order: readonly string[];
  /** What follows the flags. */
  readonly rest: string;
  /** Where `rest` begins in the text parsed, from 0. */
  readonly restColumn: number;
}

export class UsageError extends TuttiError {
  override readonly name = 'UsageError';
}

export interface ParseOptions {
  /** The magic as typed, `%%px`. */
  readonly magic: string;
  /** What follows the flags is code or a name (`%px console.log(1)`); else anything there is an error. */
  readonly rest: boolean;
}

interface FlagWord {
  readonly name: string;
  /** What follows `=`, or the digits glued to a short name (`-n5`). */
  readonly attached: string | null;
  readonly end: number;
}

export function parseFlags(text: string, specs: readonly FlagSpec[], options: ParseOptions): ParsedFlags {
  return new FlagParser(text, specs, options).parse();
}

/** For values that turn out wrong after parsing. */
export function usageOfValue(magic: string, name: string, value: string, expected: string): UsageError {
  return new UsageError(`${magic}: ${name} ${value} is not ${expected}. Nothing was run.`);
}

/** One line for each flag, indented: for usage errors and for help. */
export function flagLines(specs: readonly FlagSpec[]): readonly string[] {
  return specs.map((spec) => `  ${flagText(spec).padEnd(30)} ${spec.help}`);
}

/** `-t, --targets TARGETS` */
function flagText(spec: FlagSpec): string {
  const names = [...spec.names].sort((a, b) => a.length - b.length).join(', ');
  return spec.kind === 'value' ? `${names} ${spec.value ?? 'VALUE'}` : names;
}

class FlagParser {
  readonly #text: string;
  readonly #specs: readonly FlagSpec[];
  readonly #options: ParseOptions;
  readonly #byName: ReadonlyMap<string, FlagSpec>;
  readonly #values = new Map<string, string | true>();
  readonly #order: string[] = [];
  #at = 0;

  constructor(text: string, specs: readonly FlagSpec[], options: ParseOptions) {
    this.#text = text;
    this.#specs = specs;
    this.#options = options;
    this.#byName = new Map(specs.flatMap((spec) => spec.names.map((name) => [name, spec] as const)));
  }

  parse(): ParsedFlags {
    this.#moveTo(0);
    while (this.#at < this.#text.length) {
      const word = this.#flagWord();
      const spec = this.#byName.get(word.name);
      if (spec) this.#take(spec, word);
      else if (this.#options.rest && !isMistyped(this.#text.slice(this.#at))) break;
      else
        throw this.#usage(
          isFlag(word.name) ? `there is no flag ${word.name}` : `"${word.name}" is unexpected here`,
        );
    }
    return {
      values: this.#values,
      order: this.#order,
      rest: this.#text.slice(this.#at),
      restColumn: this.#at,
    };
  }

  #take(spec: FlagSpec, { name, attached, end }: FlagWord): void {
    const key = spec.names[0];
    this.#order.push(key);
    if (spec.kind === 'flag') {
      if (attached !== null) throw this.#usage(`${name} takes no value`);
      this.#values.set(key, true);
      this.#moveTo(end);
      return;
    }
    this.#moveTo(end);
    this.#values.set(key, unquote(attached ?? this.#value(name, spec)));
  }

  /** The word after `name`. */
  #value(name: string, spec: FlagSpec): string {
    const value = wordAt(this.#text, this.#at);
    if (value.text === '' || this.#byName.has(value.text)) {
      throw this.#usage(`${name} needs a value (${spec.value ?? 'value'})`);
    }
    this.#moveTo(value.end);
    return value.text;
  }

  #flagWord(): FlagWord {
    const { text, end } = wordAt(this.#text, this.#at);
    const equals = text.indexOf('=');
    if (equals > 0) return { name: text.slice(0, equals), attached: text.slice(equals + 1), end };
    const [, short, digits] = /^(-[A-Za-z])(-?\d.*)$/.exec(text) ?? [];
    const isGlued = short !== undefined && this.#byName.get(short)?.kind === 'value';
    return isGlued ? { name: short, attached: digits ?? '', end } : { name: text, attached: null, end };
  }

  #moveTo(offset: number): void {
    this.#at = skipBlanks(this.#text, offset);
  }

  #usage(what: string): UsageError {
    const { magic } = this.#options;
    const lead = `${magic} `;
    const lines = flagLines(this.#specs);
    return new UsageError(
      [
        `${magic}: ${what} (column ${String(lead.length + this.#at + 1)}). Nothing was run.`,
        `  ${lead}${this.#text}`,
        `  ${' '.repeat(lead.length + this.#at)}^`,
        ...(lines.length > 0 ? ['Flags:', ...lines] : []),
      ].join('\n'),
    );
  }
}

/**
 * `--targest 1 x` in front of code: a flag that does not exist, and no JavaScript. What JavaScript can read is
 * code (`--x`, `-x`, `--no-blok`), and so is a mistake in what goes on like an expression (`--x + (`).
 */
function isMistyped(text: string): boolean {
  if (!/^--?[A-Za-z][\w-]*(?:=\S*)?(?:\s+[\p{ID_Start}$_\d"'`[{(]|\s+-|\s*$)/u.test(text)) return false;
  try {
    compileCell(text, { url: 'flags' });
    return false;
  } catch (error) {
    if (!(error instanceof CellSyntaxError)) throw error;
    return true;
  }
}

function isFlag(word: string): boolean {
  return word.startsWith('-');
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text.charAt(at))) at++;
  return at;
}

/** A word ends at a blank outside of quotes and brackets: `[0, 2]` and `"a b"` are one. */
function wordAt(text: string, from: number): { readonly text: string; readonly end: number } {
  let at = from;
  let quote = '';
  let depth = 0;
  for (; at < text.length; at++) {
    const char = text.charAt(at);
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '[') depth++;
    else if (char === ']') depth--;
    else if (/\s/.test(char) && depth <= 0) break;
  }
  return { text: text.slice(from, at), end: at };
}

function unquote(text: string): string {
  const match = /^(["'])(.*)\1$/s.exec(text);
  return match?.[2] ?? text;
}
