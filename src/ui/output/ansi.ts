import { asWritten } from '../../notebook/stream-text.ts';

/**
 * Terminal text for people: colours (`ESC[…m`) become styled runs, other escape sequences vanish, a carriage return
 * writes over its line and a backspace takes a character away, as progress bars expect. One pass: each character is
 * looked at a bounded number of times.
 */

/** 0–7 and 8–15 (bright) by the terminal's names, which the theme draws; a text is a colour as it stands,
 * `#rrggbb`. */
export type AnsiColor = number | `#${string}`;

export interface AnsiStyle {
  /** Null for the text's own colour. */
  readonly color: AnsiColor | null;
  readonly background: AnsiColor | null;
  readonly bold: boolean;
  readonly faint: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly strike: boolean;
  /** Text and background change places. */
  readonly inverse: boolean;
}

export interface AnsiRun {
  readonly text: string;
  readonly style: AnsiStyle;
}

export const PLAIN: AnsiStyle = {
  color: null,
  background: null,
  bold: false,
  faint: false,
  italic: false,
  underline: false,
  strike: false,
  inverse: false,
};

/**
 * ECMA-48: control sequences (`ESC[?25l` hides a cursor), strings (titles, links), and what is of two or three
 * characters (`ESC(B`, `ESC7`). Every part ends at the next escape at the latest, so no stretch of text is read twice.
 */
const ESCAPE =
  /\u001b(?:\[([0-?]*)[ -/]*([@-~])|[P\]X^_][^\u0007\u001b]*(?:\u0007|\u001b\\)|[ -/]+[0-~]|[0-Z\\-~])|\u0007/g;
/** Others are a terminal's own. */
const CODES = /^[\d;:]*$/;

export function parseAnsi(text: string): readonly AnsiRun[] {
  const runs: AnsiRun[] = [];
  let style = PLAIN;
  let end = 0;
  const source = asWritten(text);
  for (const match of source.matchAll(ESCAPE)) {
    add(runs, source.slice(end, match.index), style);
    const codes = match[1] ?? '';
    if (match[2] === 'm' && CODES.test(codes)) style = applyCodes(style, codes);
    end = match.index + match[0].length;
  }
  add(runs, source.slice(end), style);
  return runs;
}

function add(runs: AnsiRun[], text: string, style: AnsiStyle): void {
  if (text === '') return;
  const last = runs.at(-1);
  if (last?.style === style) runs[runs.length - 1] = { text: last.text + text, style };
  else runs.push({ text, style });
}

/** Codes are parted by `;`; those of one colour by `:`, too (`38:2::r:g:b`). */
function applyCodes(before: AnsiStyle, codes: string): AnsiStyle {
  let style = before;
  const groups = codes.split(';');
  for (let i = 0; i < groups.length; i++) {
    const [code = 0, ...parts] = (groups[i] ?? '').split(':').map(Number);
    if (code !== 38 && code !== 48) {
      style = applyCode(style, code === 4 && parts[0] === 0 ? 24 : code);
      continue;
    }
    if (parts.length === 0) {
      const taken = Number(groups[i + 1]) === 5 ? 2 : 4;
      parts.push(...groups.slice(i + 1, i + 1 + taken).map(Number));
      i += taken;
    }
    const color = wideColor(parts);
    style = code === 38 ? { ...style, color } : { ...style, background: color };
  }
  return same(style, PLAIN) ? PLAIN : style;
}

/** `5;n` of 256, `2;r;g;b` (with the colour space before them where they are parted by `:`). Null: none of these. */
function wideColor([kind, ...numbers]: readonly number[]): AnsiColor | null {
  if (kind === 5) return indexed(numbers[0] ?? 0);
  if (kind !== 2) return null;
  return hex(numbers.slice(numbers.length > 3 ? 1 : 0));
}

/** Of the 256: sixteen names, a cube of 6 × 6 × 6, and greys. */
function indexed(index: number): AnsiColor | null {
  if (!(index >= 0 && index <= 255)) return null;
  if (index < 16) return index;
  if (index >= 232) return hex(Array<number>(3).fill(8 + (index - 232) * 10));
  const place = index - 16;
  const level = (n: number): number => (n === 0 ? 0 : 55 + n * 40);
  return hex([Math.floor(place / 36), Math.floor(place / 6) % 6, place % 6].map(level));
}

function hex(channels: readonly number[]): `#${string}` {
  const digits = [0, 1, 2].map((i) => {
    const value = Math.min(255, Math.max(0, Math.round(channels[i] ?? 0) || 0));
    return value.toString(16).padStart(2, '0');
  });
  return `#${digits.join('')}`;
}

function same(a: AnsiStyle, b: AnsiStyle): boolean {
  return (Object.keys(a) as (keyof AnsiStyle)[]).every((key) => a[key] === b[key]);
}

const SWITCHES: Readonly<Record<number, Partial<AnsiStyle>>> = {
  0: PLAIN,
  1: { bold: true },
  2: { faint: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  21: { underline: true },
  22: { bold: false, faint: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  29: { strike: false },
  39: { color: null },
  49: { background: null },
};

function applyCode(style: AnsiStyle, code: number): AnsiStyle {
  const change = SWITCHES[code];
  if (change) return { ...style, ...change };
  if (code >= 30 && code <= 37) return { ...style, color: code - 30 };
  if (code >= 90 && code <= 97) return { ...style, color: code - 82 };
  if (code >= 40 && code <= 47) return { ...style, background: code - 40 };
  if (code >= 100 && code <= 107) return { ...style, background: code - 92 };
  return style;
}
