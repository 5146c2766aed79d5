import { describe, expect, it } from 'vitest';
import { ACTION_NAMES, ACTIONS } from '../ui/actions.ts';
import { createKeyReader, type KeyPlace, type KeyPress } from './keymap.ts';

const press = (key: string, rest: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: '',
  shift: false,
  command: false,
  alt: false,
  at: 0,
  ...rest,
});
const shift = (key: string): KeyPress => press(key, { shift: true });
const command = (key: string): KeyPress => press(key, { command: true });

/** The actions of a sequence of presses, 100 ms apart. */
const readIn = (place: KeyPlace, letters: boolean, ...presses: readonly KeyPress[]) => {
  const reader = createKeyReader(() => letters);
  return presses.map((one, i) => reader.read({ ...one, at: one.at + i * 100 }, place));
};
const read = (...presses: readonly KeyPress[]) => readIn('command', true, ...presses);

describe('keys', () => {
  it('the three ways to run hold in command mode and while typing', () => {
    const three = [shift('Enter'), command('Enter'), press('Enter', { alt: true })];
    expect(read(...three)).toEqual(['run-next', 'run-stay', 'run-insert']);
    expect(readIn('editor', true, ...three)).toEqual(['run-next', 'run-stay', 'run-insert']);
    expect(readIn('page', true, ...three)).toEqual([null, null, null]);
  });

  it('letters and arrows', () => {
    expect(read(...['a', 'b', 'm', 'y', 'j', 'ArrowUp', 'Enter', '3'].map((key) => press(key)))).toEqual([
      'insert-above',
      'insert-below',
      'to-markdown',
      'to-code',
      'next',
      'previous',
      'edit',
      'heading-3',
    ]);
    expect(readIn('editor', true, press('a'), press('x'), press('Enter'))).toEqual([null, null, null]);
  });

  it('g and digits behind it name an engine, and the digits make no headings', () => {
    const reader = createKeyReader(() => true);
    const at = (key: string, time: number) => reader.read(press(key, { at: time }), 'command');
    expect([at('g', 0), at('1', 100), reader.engine]).toEqual([null, 'focus-engine', 1]);
    expect([at('2', 300), reader.engine]).toEqual(['focus-engine', 12]);
    expect(at('3', 400)).toBe('heading-3');
    expect([at('g', 1000), at('2', 2000)]).toEqual([null, 'heading-2']);
    expect(read(press('e'), shift('E'), press('t'), shift('T'))).toEqual([
      'cell-targets',
      'toggle-autopx',
      'toggle-stream',
      'toggle-panel',
    ]);
    expect(readIn('command', false, press('g'), press('1'), press('e'))).toEqual([null, null, null]);
    expect(readIn('editor', true, press('g'), press('1'))).toEqual([null, null]);
  });

  it('letters with Shift extend, merge and redo; with caps lock on they are the letters', () => {
    expect(read(shift('J'), shift('ArrowUp'), shift('M'), shift('Z'), press('Z'))).toEqual([
      'extend-down',
      'extend-up',
      'merge',
      'redo',
      'undo',
    ]);
  });

  it('x, c, v cut, copy and paste; Backspace takes out of the queue; none of them while typing', () => {
    const keys = [press('x'), press('c'), press('v'), shift('V'), press('Backspace')];
    expect(read(...keys)).toEqual(['cut', 'copy', 'paste', 'paste-above', 'cancel-queued']);
    expect(readIn('editor', true, ...keys)).toEqual([null, null, null, null, null]);
  });

  it('d d deletes, within its window of 800 ms and with nothing between', () => {
    expect(read(press('d'), press('d'))).toEqual([null, 'delete']);
    expect(read(press('d'), press('j'), press('d'))).toEqual([null, 'next', null]);
    expect(read(press('d'), press('d', { at: 5000 }))).toEqual([null, null]);
    expect(read(press('d'), press('d'), press('d'))).toEqual([null, 'delete', null]);
    expect(read(press('i'), press('i'), press('0'), press('0'))).toEqual([
      null,
      'interrupt',
      null,
      'restart-kernel',
    ]);
  });

  it('signs are found whether a keyboard needs Shift for them or not', () => {
    const minus = { shift: true, command: true };
    expect(read(press('_', minus), press('-', minus), shift('?'), press('?'), shift('1'))).toEqual([
      'split',
      'split',
      'help',
      'help',
      'heading-1',
    ]);
  });

  it('the palette and find open from anywhere', () => {
    const keys = [press('P', { shift: true, command: true }), command('f')];
    expect(readIn('page', true, ...keys)).toEqual(['palette', 'find']);
    expect(readIn('editor', true, ...keys)).toEqual(['palette', 'find']);
  });

  it("the browser's own shortcuts are left alone", () => {
    expect(read(command('c'), command('v'), command('z'), command('r'))).toEqual([null, null, null, null]);
    expect(readIn('editor', true, command('a'))).toEqual([null]);
  });

  it('without letter keys only named keys and those with Ctrl act', () => {
    const presses = [press('a'), press('d'), press('d'), shift('M'), press('ArrowDown'), command('Enter')];
    expect(readIn('command', false, ...presses)).toEqual([null, null, null, null, 'next', 'run-stay']);
  });

  /** What is typed, the place of the key, with which others; what it does on the selected cell. */
  it.each([
    // Cyrillic, Greek, Hebrew, Arabic, Devanagari, Thai: the letters are none of the shortcuts'.
    ['ы', 'KeyS', 'command', 'save'],
    ['и', 'KeyB', '', 'insert-below'],
    ['И', 'KeyB', 'shift', 'insert-heading-below'],
    ['я', 'KeyZ', '', 'undo'],
    ['х', 'BracketLeft', '', 'previous-error'],
    ['С', 'KeyC', 'command shift', 'palette'],
    ['β', 'KeyB', '', 'insert-below'],
    ['נ', 'KeyB', '', 'insert-below'],
    ['לא', '', '', null],
    ['لا', 'KeyB', '', 'insert-below'],
    ['٣', 'Digit3', '', 'heading-3'],
    ['ी', 'KeyR', '', 'to-raw'],
    ['ห', 'KeyS', 'command', 'save'],
    ['ㅠ', 'KeyB', '', 'insert-below'],
    // Signs that such keyboards type are signs.
    ['.', 'Slash', '', 'repeat'],
    ['?', 'Digit7', 'shift', 'help'],
    // Latin keyboards: a letter is the letter, wherever it is.
    ['a', 'KeyQ', '', 'insert-above'],
    ['q', 'KeyA', '', null],
    ['z', 'KeyY', '', 'undo'],
    ['y', 'KeyZ', '', 'to-code'],
    ['q', 'KeyX', '', null],
    ['ü', 'BracketLeft', '', null],
    ['è', 'KeyT', '', null],
    ['ą', 'KeyA', '', null],
    // Digits that need Shift: AZERTY, Czech.
    ['&', 'Digit1', '', 'heading-1'],
    ['é', 'Digit2', '', 'heading-2'],
    ['-', 'Digit6', '', 'heading-6'],
    ['ě', 'Digit2', '', 'heading-2'],
    ['1', 'Digit1', 'shift', 'heading-1'],
    ['6', 'Digit6', 'shift', 'heading-6'],
    ['6', 'Digit6', 'command shift', 'split'],
    ['_', 'Digit8', 'command shift', 'split'],
    ['^', 'Digit6', 'command shift', null],
    ['!', 'Digit1', 'shift', null],
    // Programmer's Dvorak has its brackets there.
    ['[', 'Digit2', '', 'previous-error'],
    // Option on a Mac.
    ['Ï', 'KeyF', 'alt shift', 'format'],
    ['Dead', 'KeyF', 'alt shift', 'format'],
    ['ArrowUp', 'ArrowUp', 'alt', 'move-up'],
    ['Enter', 'NumpadEnter', 'shift', 'run-next'],
    // No place is known.
    ['и', '', '', null],
    ['Process', 'KeyB', '', null],
    ['Unidentified', '', '', null],
  ] as const)('%s on %s with “%s” is %s', (key, code, held, action) => {
    const holds = (other: string): boolean => held.split(' ').includes(other);
    const rest = { code, shift: holds('shift'), command: holds('command'), alt: holds('alt') };
    expect(read(press(key, rest))).toEqual([action]);
  });

  it('keys of two presses go by their place, too, and without letter keys neither does', () => {
    const twice = (key: string, code: string) => [press(key, { code }), press(key, { code })];
    expect(read(...twice('в', 'KeyD'), ...twice('à', 'Digit0'), ...twice('ш', 'KeyI'))).toEqual([
      null,
      'delete',
      null,
      'restart-kernel',
      null,
      'interrupt',
    ]);
    expect(read(press('п', { code: 'KeyG' }), press('&', { code: 'Digit1' }))).toEqual([
      null,
      'focus-engine',
    ]);
    const letters = [press('и', { code: 'KeyB' }), press('لا', { code: 'KeyB' })];
    expect(readIn('command', false, ...letters)).toEqual([null, null]);
  });

  it('no key has two meanings', () => {
    const keys = ACTION_NAMES.flatMap((name) => ACTIONS[name].keys ?? []);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
