import { describe, expect, it } from 'vitest';
import { createKeyReader, type KeyPress } from './keymap.ts';

const press = (key: string, rest: Partial<KeyPress> = {}): KeyPress => ({
  key,
  shift: false,
  command: false,
  alt: false,
  at: 0,
  ...rest,
});

/** The commands of a sequence of presses, 100 ms apart. */
const read = (...presses: readonly KeyPress[]) => {
  const reader = createKeyReader();
  return presses.map((one, i) => reader({ ...one, at: one.at + i * 100 }));
};

describe('keys of command mode', () => {
  it('the three ways to run', () => {
    expect(
      read(press('Enter', { shift: true }), press('Enter', { command: true }), press('Enter', { alt: true })),
    ).toEqual(['run-next', 'run-stay', 'run-insert']);
  });

  it('letters and arrows', () => {
    expect(read(...['a', 'b', 'm', 'y', 'j', 'ArrowUp', 'Enter'].map((key) => press(key)))).toEqual([
      'insert-above',
      'insert-below',
      'to-markdown',
      'to-code',
      'next',
      'previous',
      'edit',
    ]);
  });

  it('d d deletes, within its window and with nothing between', () => {
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

  it("the browser's own shortcuts are left alone", () => {
    expect(
      read(press('c', { command: true }), press('a', { command: true }), press('z', { command: true })),
    ).toEqual([null, null, null]);
  });
});
