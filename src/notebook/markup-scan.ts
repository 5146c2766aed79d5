import { cssDepth } from './css-depth.ts';

/**
 * HTML and SVG read from the left to the right, once: what of it is text, and how much work a browser will have with
 * it. Tags are told as the HTML standard's tokenizer tells them. For what is safe to show there is the sanitiser;
 * this decides nothing but amounts.
 */

export interface MarkupPart {
  readonly type: 'text' | 'open' | 'close';
  /** Lower case; empty for text. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** False for what stands in scripts and styles. */
  readonly read: boolean;
}

/** Elements whose content is text up to their end tag, and is not read by people. */
const UNREAD = new Set(['script', 'style', 'iframe', 'noembed', 'noframes', 'xmp']);
/** The same, read. */
const RAW_TEXT = new Set(['title', 'textarea', ...UNREAD]);

const NAME = /[A-Za-z][^\s/>]*/y;

/** In SVG and MathML what stands in a style or a title is markup as any other. */
const FOREIGN = new Set(['svg', 'math']);

/** Parts in their order; comments and processing instructions are left out. */
export function* partsOf(markup: string): Generator<MarkupPart> {
  const ends = endFinder(markup);
  let foreign = 0;
  /** The style or script of SVG that we are in. */
  let unread = '';
  let at = 0;
  while (at < markup.length) {
    const open = markup.indexOf('<', at);
    const text = open < 0 ? markup.length : open;
    if (text > at) yield { type: 'text', name: '', start: at, end: text, read: unread === '' };
    if (open < 0) return;
    const next = markup.charAt(open + 1);
    if (next === '!' || next === '?') {
      at = endOfDeclaration(markup, open, ends);
      continue;
    }
    const nameAt = next === '/' ? open + 2 : open + 1;
    NAME.lastIndex = nameAt;
    const name = NAME.exec(markup)?.[0].toLowerCase();
    if (name === undefined) {
      // `</` before anything else begins a comment; a `<` alone is text.
      at = next === '/' ? ends('>', open) : open + 1;
      if (next !== '/') yield { type: 'text', name: '', start: open, end: at, read: unread === '' };
      continue;
    }
    const end = endOfTag(markup, nameAt + name.length);
    const type = next === '/' ? 'close' : 'open';
    if (type === 'close' && name === unread) unread = '';
    yield { type, name, start: open, end, read: unread === '' };
    at = end;
    if (FOREIGN.has(name)) foreign = Math.max(0, foreign + (type === 'close' ? -1 : 1));
    if (type === 'close' || !RAW_TEXT.has(name)) continue;
    if (foreign > 0) {
      if (UNREAD.has(name) && unread === '' && !markup.startsWith('/>', end - 2)) unread = name;
      continue;
    }
    at = rawTextEnd(markup, name, end, ends);
    if (at > end) yield { type: 'text', name: '', start: end, end: at, read: !UNREAD.has(name) };
  }
}

type FindEnd = (what: string, from: number) => number;

/** Where `what`, looked for from `from` on, ends; the end of the text when it does not come. That it does not is
 * found out once. */
function endFinder(markup: string): FindEnd {
  const missing = new Map<string, number>();
  return (what, from) => {
    if ((missing.get(what) ?? Infinity) <= from) return markup.length;
    const at = markup.indexOf(what, from);
    if (at >= 0) return at + what.length;
    missing.set(what, from);
    return markup.length;
  };
}

function endOfDeclaration(markup: string, open: number, ends: FindEnd): number {
  if (markup.startsWith('<!-->', open)) return open + 5;
  if (markup.startsWith('<!--->', open)) return open + 6;
  if (markup.startsWith('<!--', open)) return ends('-->', open + 4);
  if (markup.startsWith('<![CDATA[', open)) return ends(']]>', open);
  return ends('>', open);
}

/** Behind the `>` that is in no quoted value. */
function endOfTag(markup: string, from: number): number {
  let quote = '';
  let afterEquals = false;
  for (let i = from; i < markup.length; i++) {
    const char = markup.charAt(i);
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '>') return i + 1;
    else if (afterEquals && (char === '"' || char === "'")) quote = char;
    if (!/\s/.test(char)) afterEquals = char === '=' && quote === '';
  }
  return markup.length;
}

/** Before the end tag of an element whose content is text. */
function rawTextEnd(markup: string, name: string, from: number, ends: FindEnd): number {
  let at = from;
  while (at < markup.length) {
    const open = ends('</', at) - 2;
    if (!markup.startsWith('</', open)) return markup.length;
    const after = markup.charAt(open + 2 + name.length);
    if (markup.slice(open + 2, open + 2 + name.length).toLowerCase() === name && /^[\s/>]?$/.test(after))
      return open;
    at = open + 2;
  }
  return markup.length;
}

const VOID = new Set(
  'area base br col embed hr img input link meta param source track wbr basefont bgsound frame keygen'.split(
    ' ',
  ),
);

/** Those that the parser opens again in every block behind the one in which they were left open. */
const FORMATTING = new Set('a b big code em font i nobr s small strike strong tt u'.split(' '));

/** They end with the next of their kind, with or without a tag. */
const SELF_ENDING = new Set(
  'p li dd dt td th tr option optgroup thead tbody tfoot colgroup caption rt rp'.split(' '),
);

/** Brackets in brackets of styles: those of a rule in a query in a layer, and a sum of products in it. */
const MOST_BRACKETS = 16;

/**
 * Whether a browser reads the styles of these parts without going too deep: those in attributes, and those between the
 * tags of a style. What a style between foreign tags (SVG) is cannot be told apart without a parser where it has tags or
 * comments in it, so there it must have none.
 */
function hasDeepStyles(markup: string, part: MarkupPart, foreign: boolean): boolean {
  if (part.type !== 'open') return false;
  for (const value of attributeValues(markup, part)) if (isDeep(withSigns(value))) return true;
  if (part.name !== 'style') return false;
  CLOSE_STYLE.lastIndex = part.end;
  const text = markup.slice(part.end, CLOSE_STYLE.exec(markup)?.index ?? markup.length);
  if (isDeep(text)) return true;
  if (!foreign) return false;
  const bare = text.replaceAll(/<!\[CDATA\[|\]\]>/g, '');
  return bare.includes('<') || isDeep(withSigns(bare));
}

const CLOSE_STYLE = /<\/style/gi;

/** With the signs that CSS knows in place of their references, as a parser reads them. */
function withSigns(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#x([\da-f]+);?|#(\d+);?|(\w+);?)/gi,
    (whole, hex?: string, digits?: string, name = '') => {
      if (hex === undefined && digits === undefined) return SIGNS[name as string] ?? whole;
      const point = hex === undefined ? Number(digits) : parseInt(hex, 16);
      return point < 128 ? String.fromCharCode(point) : whole;
    },
  );
}

const SIGNS: Readonly<Record<string, string>> = {
  ...{ lpar: '(', rpar: ')', lsqb: '[', lbrack: '[', rsqb: ']', rbrack: ']' },
  ...{ lcub: '{', lbrace: '{', rcub: '}', rbrace: '}', quot: '"', QUOT: '"', apos: "'" },
  ...{ sol: '/', ast: '*', midast: '*', bsol: '\\', num: '#', commat: '@', lt: '<', LT: '<', excl: '!' },
  ...{ Tab: '\t', NewLine: '\n' },
};

function isDeep(css: string): boolean {
  if ((css.match(/[([{]/g)?.length ?? 0) <= MOST_BRACKETS) return false;
  return cssDepth(css) > MOST_BRACKETS;
}

/** What stands behind the equals signs of a tag, as it is written. */
function* attributeValues(markup: string, { start, end }: MarkupPart): Generator<string> {
  const tag = markup.slice(start, end);
  for (const [, value = '', double, single] of tag.matchAll(/=\s*("([^"]*)|'([^']*)|[^\s>]*)/g))
    yield double ?? single ?? value;
}

export interface MarkupBounds {
  readonly characters: number;
  /** Elements and texts. */
  readonly nodes: number;
  /** Elements in elements. */
  readonly depth: number;
}

/**
 * How much of a text of markup stays inside the bounds: all of it, or up to a tag's end. The nodes that a parser makes
 * are counted on the safe side: formatting elements that were left open (`<b><p><p>…`) come again in each block.
 */
export function boundedMarkup(markup: string, bounds: MarkupBounds): number {
  const open = new Map<string, number>();
  let formats = 0;
  let depth = 0;
  let nodes = 0;
  let end = 0;
  let foreign = false;
  for (const part of partsOf(markup)) {
    foreign ||= FOREIGN.has(part.name);
    if (hasDeepStyles(markup, part, foreign)) return end;
    // An end tag makes no node, but for `</p>` and `</br>`.
    if (part.type !== 'close' || part.name === 'p') nodes += FORMATTING.has(part.name) ? 1 : 1 + formats;
    if (part.type === 'open') {
      const isClosed = VOID.has(part.name) || markup.startsWith('/>', part.end - 2);
      if (FORMATTING.has(part.name)) {
        formats++;
        open.set(part.name, (open.get(part.name) ?? 0) + 1);
      }
      if (!isClosed && !SELF_ENDING.has(part.name)) depth++;
    } else if (part.type === 'close') {
      const count = open.get(part.name) ?? 0;
      if (FORMATTING.has(part.name) && count > 0) {
        formats--;
        open.set(part.name, count - 1);
      }
      if (!SELF_ENDING.has(part.name)) depth = Math.max(0, depth - 1);
    }
    if (nodes > bounds.nodes || depth > bounds.depth || part.end > bounds.characters) return end;
    end = part.end;
  }
  return markup.length <= bounds.characters ? markup.length : end;
}

/** Elements that do not end a word. */
const INLINE = new Set(
  'a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong sub sup tspan u var wbr'.split(
    ' ',
  ),
);

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
};

/** What is read of HTML or SVG, as near as one comes without a document. */
export function textOfMarkup(markup: string): string {
  const pieces: string[] = [];
  for (const { type, name, start, end, read } of partsOf(markup)) {
    if (!read) continue;
    if (type === 'text') pieces.push(decoded(markup.slice(start, end)));
    else if (!INLINE.has(name)) pieces.push('\n');
  }
  return pieces.join('');
}

function decoded(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(?:x([\da-f]{1,6})|(\d{1,7}))|(\w{1,8}));/gi, (whole, hex, code, name) => {
    if (typeof name === 'string') return ENTITIES[name] ?? whole;
    const point = typeof hex === 'string' ? parseInt(hex, 16) : Number(code);
    return point <= 0x10ffff ? String.fromCodePoint(point) : '';
  });
}
