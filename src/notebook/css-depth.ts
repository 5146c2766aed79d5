/** What opens with one of these ends with the other, and with nothing else. */
const CLOSERS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/**
 * How deep brackets stand in each other in a text of CSS, as the standard's tokenizer tells brackets from strings,
 * comments and addresses. Browsers read them by recursion, and end the page where that is too deep. In one pass.
 */
export function cssDepth(css: string): number {
  const open: string[] = [];
  let deepest = 0;
  let at = 0;
  while (at < css.length) {
    const char = css.charAt(at);
    if (char === '/' && css.charAt(at + 1) === '*') {
      const end = css.indexOf('*/', at + 2);
      at = end < 0 ? css.length : end + 2;
    } else if (char === '"' || char === "'") {
      at = endOfString(css, at);
    } else if (css.startsWith('<!--', at)) {
      at += 4;
    } else if (MARKED.test(char)) {
      // A colour, an id or an at-rule: whatever its name is, what follows is no address.
      at += 1 + nameAt(css, at + 1).length;
    } else if (NAME.test(char)) {
      const name = nameAt(css, at);
      at += name.length;
      if (css.charAt(at) !== '(') continue;
      // A name that is written with escapes may be that of an address, in which quotes and brackets mean nothing.
      if (name.includes('\\')) return Infinity;
      QUOTED.lastIndex = at + 1;
      if (name.toLowerCase() === 'url' && !QUOTED.test(css)) at = endOfAddress(css, at);
    } else {
      at++;
      const closer = CLOSERS[char];
      if (closer !== undefined) {
        open.push(closer);
        deepest = Math.max(deepest, open.length);
      } else if (char === open.at(-1)) open.pop();
    }
  }
  return deepest;
}

const MARKED = /[#@]/;
/** Numbers too: with the name behind them they are one. */
const NAME = /[-\w\\\0\u0080-\uffff]/;
const WHOLE_NAME = /(?:[-\w\0\u0080-\uffff]|\\[^])*\\?/y;
const QUOTED = /[ \t\n\r\f]*["']/y;

function nameAt(css: string, at: number): string {
  WHOLE_NAME.lastIndex = at;
  return WHOLE_NAME.exec(css)?.[0] ?? '';
}

/** Behind its quote, or before the end of its line. */
function endOfString(css: string, start: number): number {
  const quote = css.charAt(start);
  for (let at = start + 1; at < css.length; at++) {
    const char = css.charAt(at);
    if (char === quote) return at + 1;
    if (char === '\\') at++;
    else if (char === '\n' || char === '\r' || char === '\f') return at;
  }
  return css.length;
}

/** Behind the bracket that ends `url(…`. */
function endOfAddress(css: string, start: number): number {
  for (let at = start + 1; at < css.length; at++) {
    const char = css.charAt(at);
    if (char === ')') return at + 1;
    if (char === '\\') at++;
  }
  return css.length;
}
