/**
 * What can be told of a function's or class's text without parsing it. Only texts that the browser has compiled come
 * here, so the scanner need not judge them.
 */

/** The text with comments, strings and regular expressions blanked out, each character in its place. */
export function codeOf(source: string): string {
  return new Scanner(source).run();
}

const WORD = /[\p{ID_Continue}$]/u;
/** After these words a slash begins a regular expression. */
const BEFORE_REGEXP =
  /(^|[^\p{ID_Continue}$.])(return|typeof|case|in|of|delete|void|throw|new|do|else|instanceof|yield|await)$/u;

class Scanner {
  readonly #source: string;
  #at = 0;
  #out = '';
  /** Braces that are open in each template expression that is. */
  readonly #braces: number[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  run(): string {
    const { length } = this.#source;
    while (this.#at < length) this.#step();
    return this.#out;
  }

  #step(): void {
    const source = this.#source;
    const char = source[this.#at] ?? '';
    const two = source.slice(this.#at, this.#at + 2);
    if (two === '//') this.#blankTo(/$/m);
    else if (two === '/*') this.#blankTo(/\*\//);
    else if (char === '"' || char === "'") this.#blankString(char);
    else if (char === '`') this.#template();
    else if (char === '/' && this.#mayBeRegExp()) this.#blankRegExp();
    else if (char === '}' && this.#braces.at(-1) === 0) {
      this.#braces.pop();
      this.#template();
    } else {
      const open = this.#braces.length - 1;
      if (open >= 0 && char === '{') this.#braces[open] = (this.#braces[open] ?? 0) + 1;
      if (open >= 0 && char === '}') this.#braces[open] = (this.#braces[open] ?? 0) - 1;
      this.#out += char;
      this.#at++;
    }
  }

  #blank(end: number): void {
    this.#out += this.#source.slice(this.#at, end).replaceAll(/[^\n\r\u2028\u2029]/g, ' ');
    this.#at = end;
  }

  #blankTo(end: RegExp): void {
    const rest = this.#source.slice(this.#at + 2);
    const found = end.exec(rest);
    this.#blank(found ? this.#at + 2 + found.index + found[0].length : this.#source.length);
  }

  #blankString(quote: string): void {
    let end = this.#at + 1;
    while (end < this.#source.length && this.#source[end] !== quote)
      end += this.#source[end] === '\\' ? 2 : 1;
    this.#blank(Math.min(end + 1, this.#source.length));
  }

  /** From a backtick, or from the brace that ends an expression, to the next expression or the end. */
  #template(): void {
    let end = this.#at + 1;
    for (; end < this.#source.length; end++) {
      const char = this.#source[end];
      if (char === '\\') end++;
      else if (char === '`') break;
      else if (char === '$' && this.#source[end + 1] === '{') {
        this.#blank(end + 2);
        this.#braces.push(0);
        return;
      }
    }
    this.#blank(Math.min(end + 1, this.#source.length));
  }

  #mayBeRegExp(): boolean {
    let end = this.#out.length;
    while (end > 0 && /\s/.test(this.#out[end - 1] ?? '')) end--;
    const last = this.#out[end - 1] ?? '(';
    if (!WORD.test(last)) return !/[)\]}]/.test(last);
    return BEFORE_REGEXP.test(this.#out.slice(Math.max(0, end - 12), end));
  }

  #blankRegExp(): void {
    let inClass = false;
    let end = this.#at + 1;
    for (; end < this.#source.length; end++) {
      const char = this.#source[end] ?? '';
      if (char === '\\') end++;
      else if (char === '[') inClass = true;
      else if (char === ']') inClass = false;
      else if ((char === '/' && !inClass) || char === '\n') break;
    }
    this.#blank(end + 1);
  }
}

export function isClassSource(source: string): boolean {
  return /^class\b/.test(source);
}

/** What stands behind `extends`: from where to where. */
export interface Heritage {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** Null: the class extends nothing, or something that is itself a class or a function written out. */
export function heritageOf(source: string): Heritage | null {
  if (!isClassSource(source)) return null;
  const code = codeOf(source);
  const head = /^class(?:\s+[\p{ID_Continue}$]+)?\s+extends\b\s*/u.exec(code);
  if (!head) return null;
  const from = head[0].length;
  let depth = 0;
  let to = from;
  for (; to < code.length; to++) {
    const char = code[to] ?? '';
    if (char === '{' && depth === 0) break;
    if ('([{'.includes(char)) depth++;
    if (')]}'.includes(char)) depth--;
  }
  const text = source.slice(from, to).trimEnd();
  return /^(class|function|async)\b/.test(text) ? null : { text, from, to: from + text.length };
}

/** Objects of this class have state that nobody outside can read: the name of it, `#n`; null: they have none. */
export function privateStateIn(source: string): string | null {
  if (!source.includes('#')) return null;
  const code = codeOf(source);
  const declared = /(?:^|[{};\n]|\b(?:get|set|async|static)\b|\*)\s*(#[\p{ID_Continue}$]+)\s*(?=[=;(}\n])/gu;
  for (const match of code.matchAll(declared)) {
    const before = code.slice(0, match.index + match[0].indexOf('#'));
    if (!/\bstatic\s+(?:(?:get|set|async)\s+)?\*?\s*$/.test(before)) return match[1] ?? null;
  }
  return null;
}
