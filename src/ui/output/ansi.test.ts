import { describe, expect, it } from 'vitest';
import { contrast, lookOf } from './ansi-look.ts';
import { parseAnsi, PLAIN } from './ansi.ts';

const ESC = '\u001b';

describe('terminal text', () => {
  it('text without escapes is one plain run', () => {
    expect(parseAnsi('a < b\n')).toEqual([{ text: 'a < b\n', style: PLAIN }]);
    expect(parseAnsi('')).toEqual([]);
  });

  it('colours begin and end', () => {
    expect(parseAnsi(`${ESC}[1;31mbad${ESC}[0m ok`)).toEqual([
      { text: 'bad', style: { ...PLAIN, bold: true, color: 1 } },
      { text: ' ok', style: PLAIN },
    ]);
    expect(parseAnsi(`${ESC}[92mx`)[0]?.style.color).toBe(10);
  });

  it.each([
    ['hides the cursor', '[?25l'],
    ['moves', '[3A'],
    ['clears', '[2K'],
    ['has a space', '[1 q'],
    ['asks for keys', '[>4;2m'],
    ['saves', '7'],
    ['sets letters', '(B'],
    ['keypad', '='],
    ['a title', ']0;title\u0007'],
    ['a link', `]8;;http://example.com${ESC}\\`],
    ['a device', `Pq#0${ESC}\\`],
    ['a message', `_Gi=31${ESC}\\`],
  ])('what %s vanishes', (_, rest) => {
    expect(parseAnsi(`a${ESC}${rest}b\u0007c`)).toEqual([{ text: 'abc', style: PLAIN }]);
  });

  it.each([
    ['38;5;9', { color: 9 }],
    ['38;5;208', { color: '#ff8700' }],
    ['38;5;16', { color: '#000000' }],
    ['38;5;231', { color: '#ffffff' }],
    ['38;5;232', { color: '#080808' }],
    ['38;5;255', { color: '#eeeeee' }],
    ['38;5;256', {}],
    ['38;5', { color: 0 }],
    ['38:5:208', { color: '#ff8700' }],
    ['38;2;10;160;10', { color: '#0aa00a' }],
    ['38:2:10:160:10', { color: '#0aa00a' }],
    ['38:2::10:160:10', { color: '#0aa00a' }],
    ['38;2;999;0;1', { color: '#ff0001' }],
    ['48;2;21;128;61;38;2;255;255;255', { background: '#15803d', color: '#ffffff' }],
    ['38;5;208;1', { color: '#ff8700', bold: true }],
    ['7', { inverse: true }],
    ['7;27', {}],
    ['9', { strike: true }],
    ['9;29', {}],
    ['2', { faint: true }],
    ['1;4', { bold: true, underline: true }],
    ['4:3', { underline: true }],
    ['4;4:0', {}],
    ['21', { underline: true }],
    ['1;0', {}],
    ['', {}],
  ])('%s', (codes, expected) => {
    const [run] = parseAnsi(`${ESC}[${codes}mx`);
    expect(run).toEqual({ text: 'x', style: { ...PLAIN, ...expected } });
  });

  it('every colour on a background of its own can be read', () => {
    const colors = [null, 0, 3, 7, 8, 15, '#777777', '#0aa00a'] as const;
    for (const background of ['#000000', '#ffffff', '#15803d', '#ff8700', '#808080'] as const)
      for (const color of colors)
        for (const inverse of [false, true]) {
          const run = inverse
            ? { ...PLAIN, inverse, color: background, background: color }
            : { ...PLAIN, color, background };
          const { style } = lookOf(run);
          expect(style['background']).toBe(background);
          expect(contrast(style['color'] ?? '', background)).toBeGreaterThanOrEqual(3);
        }
  });

  it('sequences that are no colours leave no trace', () => {
    expect(parseAnsi(`a${ESC}[2K${ESC}]0;title\u0007b`).map((run) => run.text)).toEqual(['ab']);
  });

  it('a carriage return writes over its line', () => {
    expect(parseAnsi('10 %\r50 %\rdone\nnext\r\n')).toEqual([{ text: 'done\nnext\n', style: PLAIN }]);
    expect(parseAnsi('50 %\r')).toEqual([{ text: '50 %\r', style: PLAIN }]);
  });
});
