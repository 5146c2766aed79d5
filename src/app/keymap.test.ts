import { describe, expect, it } from 'vitest';
import { ACTION_NAMES, ACTIONS } from '../ui/actions.ts';
import { createKeyReader, type KeyPlace, type KeyPress } from './keymap.ts';

const press = (key: string, rest: Partial<KeyPress> = {}): KeyPress => ({
  key,
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

  it('no key has two meanings', () => {
    const keys = ACTION_NAMES.flatMap((name) => ACTIONS[name].keys ?? []);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
