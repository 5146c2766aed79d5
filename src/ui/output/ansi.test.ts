import { describe, expect, it } from 'vitest';
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
    expect(parseAnsi(`${ESC}[38;5;9mx${ESC}[38;2;1;2;3my`).map((run) => run.style.color)).toEqual([9, null]);
  });

  it('sequences that are no colours leave no trace', () => {
    expect(parseAnsi(`a${ESC}[2K${ESC}]0;title\u0007b`).map((run) => run.text)).toEqual(['a', 'b']);
  });

  it('a carriage return writes over its line', () => {
    expect(parseAnsi('10 %\r50 %\rdone\nnext\r\n')).toEqual([{ text: 'done\nnext\n', style: PLAIN }]);
    expect(parseAnsi('50 %\r')).toEqual([{ text: '50 %\r', style: PLAIN }]);
  });
});
