/**
 * What a press means to shortcuts, which are written in the letters and signs of a US keyboard. Pure. A letter counts as
 * typed wherever a Latin keyboard has it; where the keyboard types none of them, the place of the key counts, as on the
 * key caps of most such keyboards.
 */
export interface TypedKey {
  /** What it types, or its name: `KeyboardEvent.key`. */
  readonly key: string;
  /** Where it is on the keyboard: `KeyboardEvent.code`; empty where nobody knows. */
  readonly code: string;
  readonly shift: boolean;
  /** Ctrl, or ⌘. */
  readonly command: boolean;
  readonly alt: boolean;
}

/** Of the browser's or React's event. */
export function typedKey(event: {
  readonly key: string;
  readonly code: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}): TypedKey {
  return {
    key: event.key,
    code: event.code,
    shift: event.shiftKey,
    command: event.ctrlKey || event.metaKey,
    alt: event.altKey,
  };
}

/** The keys that a shortcut may take it for, letters small, the likeliest first: what is typed, then what a US keyboard
 * types there. */
export function keysMeant(typed: TypedKey): readonly [string, ...string[]] {
  const { key } = typed;
  const first = isCharacter(key) ? key.toLowerCase() : key;
  const there = byPlace(typed);
  return there === null || there === first ? [first] : [first, there];
}

/** Whether it types something, and is no named key such as `Enter`. Some keys type two letters (لا). */
export function isCharacter(key: string): boolean {
  return key.length === 1 || /^[^\0-\x7f]+$/.test(key);
}

function byPlace({ key, code, shift, command, alt }: TypedKey): string | null {
  const place = /^(?:Key([A-Z])|Digit(\d))$/.exec(code);
  const [, letter, digit] = place ?? [];
  if (digit !== undefined && !shift && !command && !alt) return /^[a-z]$/i.test(key) ? null : digit;
  // A digit that needs Shift: of what AZERTY has there without it, the sign that shortcuts use.
  if (code === 'Digit6' && shift && key === '6') return '-';
  // A Mac's Option key makes signs and dead keys of letters.
  const isOtherScript = /^[\p{L}\p{M}\p{Nd}]+$/u.test(key) && !/[\p{Script=Latin}\d]/u.test(key);
  const isOption = alt && (key === 'Dead' || /^[^\0-\x7f]$/.test(key));
  if (!isOtherScript && !isOption) return null;
  return letter?.toLowerCase() ?? digit ?? SIGNS.get(code)?.[shift ? 1 : 0] ?? null;
}

/** Without and with Shift. */
const SIGNS: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['Minus', ['-', '_']],
  ['Equal', ['=', '+']],
  ['BracketLeft', ['[', '{']],
  ['BracketRight', [']', '}']],
  ['Period', ['.', '>']],
  ['Slash', ['/', '?']],
]);
