/**
 * Terminal text for people: colours (`ESC[…m`) become styled runs, other escape sequences vanish, and a
 * carriage return writes over its line, as progress bars expect.
 */
export interface AnsiStyle {
  /** 0–7 and 8–15 (bright), by the terminal's names; null for the text's own colour. */
  readonly color: number | null;
  readonly background: number | null;
  readonly bold: boolean;
  readonly faint: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
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
};

const ESCAPE = /\u001b(?:\[([\d;:]*)[ -/]*([@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

export function parseAnsi(text: string): readonly AnsiRun[] {
  const runs: AnsiRun[] = [];
  let style = PLAIN;
  let end = 0;
  const source = overwrite(text);
  for (const match of source.matchAll(ESCAPE)) {
    add(runs, source.slice(end, match.index), style);
    if (match[2] === 'm') style = applyCodes(style, match[1] ?? '');
    end = match.index + match[0].length;
  }
  add(runs, source.slice(end), style);
  return runs;
}

function add(runs: AnsiRun[], text: string, style: AnsiStyle): void {
  if (text !== '') runs.push({ text, style });
}

/** Of each line only what follows its last carriage return is seen; one at the very end has not struck yet. */
function overwrite(text: string): string {
  if (!text.includes('\r')) return text;
  return text.replace(/\r+\n/g, '\n').replace(/[^\n]*\r(?=[^\n])/g, '');
}

function applyCodes(before: AnsiStyle, codes: string): AnsiStyle {
  let style = before;
  const numbers = codes.split(/[;:]/).map((code) => (code === '' ? 0 : Number(code)));
  for (let i = 0; i < numbers.length; i++) {
    const code = numbers[i] ?? 0;
    if (code === 38 || code === 48) {
      // 256 and true colours: their numbers are skipped, and the first 16 kept.
      const wide = numbers[i + 1] === 5 ? 2 : 4;
      const index = wide === 2 ? (numbers[i + 2] ?? 0) : 16;
      const color = index < 16 ? index : null;
      style = code === 38 ? { ...style, color } : { ...style, background: color };
      i += wide;
    } else style = applyCode(style, code);
  }
  return style;
}

const SWITCHES: Readonly<Record<number, Partial<AnsiStyle>>> = {
  0: PLAIN,
  1: { bold: true },
  2: { faint: true },
  3: { italic: true },
  4: { underline: true },
  22: { bold: false, faint: false },
  23: { italic: false },
  24: { underline: false },
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
