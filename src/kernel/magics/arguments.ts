import { TuttiError } from '../../protocol/tutti-error.ts';

/**
 * The flags of magics: `%%px --targets 0,2 --noblock -o ar`. A mistake is a `UsageError` that shows the line,
 * points at the column and lists what there is; nothing of the cell has run by then.
 */

/** `flag`: stands alone. `value`: takes the next word, or what follows `=`. */
export interface FlagSpec {
  readonly kind: 'flag' | 'value';
  /** Long names and short ones as typed: `['--targets', '-t']`. The first long one is its key. */
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

export function parseFlags(text: string, specs: readonly FlagSpec[], options: ParseOptions): ParsedFlags {
  const byName = new Map(specs.flatMap((spec) => spec.names.map((name) => [name, spec] as const)));
  const values = new Map<string, string | true>();
  const order: string[] = [];
  let at = skipBlanks(text, 0);
  while (at < text.length) {
    const word = wordAt(text, at);
    const equals = word.text.indexOf('=');
    const name = equals > 0 ? word.text.slice(0, equals) : word.text;
    const spec = byName.get(name);
    if (spec === undefined) {
      if (options.rest) break;
      const what = name.startsWith('-') ? `there is no flag ${name}` : `"${name}" is unexpected here`;
      throw usage(text, at, what, specs, options);
    }
    const key = spec.names[0];
    order.push(key);
    at = skipBlanks(text, word.end);
    if (spec.kind === 'flag') {
      if (equals > 0) throw usage(text, at, `${name} takes no value`, specs, options);
      values.set(key, true);
    } else if (equals > 0) {
      values.set(key, unquote(word.text.slice(equals + 1)));
    } else {
      const value = wordAt(text, at);
      if (value.text === '' || byName.has(value.text)) {
        throw usage(text, at, `${name} needs a value (${spec.value ?? 'value'})`, specs, options);
      }
      values.set(key, unquote(value.text));
      at = skipBlanks(text, value.end);
    }
  }
  return { values, order, rest: text.slice(at), restColumn: at };
}

/** For values that turn out wrong after parsing. */
export function usageOfValue(magic: string, name: string, value: string, expected: string): UsageError {
  return new UsageError(`${magic}: ${name} ${value} is not ${expected}.`);
}

function usage(
  text: string,
  column: number,
  what: string,
  specs: readonly FlagSpec[],
  { magic }: ParseOptions,
): UsageError {
  const lead = `${magic} `;
  const flags = specs.map((spec) => `  ${flagText(spec).padEnd(28)}${spec.help}`);
  return new UsageError(
    [
      `${magic}: ${what} (column ${String(lead.length + column + 1)}). Nothing was run.`,
      `  ${lead}${text}`,
      `  ${' '.repeat(lead.length + column)}^`,
      ...(flags.length > 0 ? ['Flags:', ...flags] : []),
    ].join('\n'),
  );
}

function flagText(spec: FlagSpec): string {
  const names = [...spec.names].sort((a, b) => a.length - b.length).join(', ');
  return spec.kind === 'value' ? `${names} ${spec.value ?? 'VALUE'}` : names;
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
