/**
 * A browser with one page, as far as the stories need one: each kind of browser is driven through another protocol,
 * and only this much is the same. What a person does with a page is built on it (`Reader`).
 */
export interface Driver {
  /** Goes to an address and waits until the page has loaded. Another `#hash` of the same page loads nothing. */
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  /**
   * Calls a function in the page, for whose result it waits. Arguments and result cross as JSON; the function sees
   * nothing but its arguments.
   * @throws what the function threw, as text.
   */
  evaluate<Args extends readonly unknown[], Result>(
    run: (...args: Args) => Result | Promise<Result>,
    ...args: Args
  ): Promise<Result>;
  /** Presses and releases the mouse at a place of the page, in CSS pixels. */
  click(x: number, y: number): Promise<void>;
  /** Presses keys one after the other; `+` holds the ones before it: `Control+a`, `Enter`, `x`. */
  press(...chords: readonly string[]): Promise<void>;
  /** Types a text key by key. */
  type(text: string): Promise<void>;
  /** A PNG. */
  screenshot(): Promise<Buffer>;
  close(): Promise<void>;
}

/** The names of keys that no character stands for, as W3C WebDriver writes them. */
const KEYS: Readonly<Record<string, string>> = {
  Enter: '\uE007',
  Escape: '\uE00C',
  Tab: '\uE004',
  Backspace: '\uE003',
  Delete: '\uE017',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
  End: '\uE010',
  Home: '\uE011',
  Shift: '\uE008',
  Control: '\uE009',
  Alt: '\uE00A',
};

/** Sources of input as both W3C protocols take them. */
export const clickActions = (x: number, y: number): readonly object[] => [
  {
    type: 'pointer',
    id: 'mouse',
    parameters: { pointerType: 'mouse' },
    actions: [
      { type: 'pointerMove', x: Math.round(x), y: Math.round(y), duration: 0 },
      { type: 'pointerDown', button: 0 },
      { type: 'pointerUp', button: 0 },
    ],
  },
];

export const pressActions = (chords: readonly string[]): readonly object[] =>
  keyActions(chords.map((chord) => chord.split('+').map((key) => KEYS[key] ?? key)));

export const typeActions = (text: string): readonly object[] =>
  keyActions(Array.from(text, (character) => [character === '\n' ? (KEYS['Enter'] ?? '') : character]));

function keyActions(chords: readonly (readonly string[])[]): readonly object[] {
  const actions = chords.flatMap((keys) => [
    ...keys.map((value) => ({ type: 'keyDown', value })),
    ...keys.toReversed().map((value) => ({ type: 'keyUp', value })),
  ]);
  return [{ type: 'key', id: 'keyboard', actions }];
}
