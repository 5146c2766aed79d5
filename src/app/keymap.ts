/**
 * Key presses read as actions. Pure: a press comes with its time and with where it fell, and two-key sequences
 * have a window in which the second must follow.
 */
import { ACTION_NAMES, ACTIONS, type ActionName } from '../ui/actions.ts';
import { isCharacter, keysMeant, type TypedKey } from '../ui/typed-keys.ts';

export interface KeyPress extends TypedKey {
  /** Milliseconds. */
  readonly at: number;
}

/** `command`: a cell or the page has the focus; `editor`: one types in a cell; `page`: anywhere else. */
export type KeyPlace = 'command' | 'editor' | 'page';

export interface KeyReader {
  /** The engine meant by the last `focus-engine`. */
  readonly engine: number;
  /** Null for a press that means nothing (yet). */
  read(press: KeyPress, place: KeyPlace): ActionName | null;
}

/** Between the two presses of `d d`. */
const WINDOW = 800;

const BY_KEY: ReadonlyMap<string, ActionName> = new Map(
  ACTION_NAMES.flatMap((name) => (ACTIONS[name].keys ?? []).map((key) => [key, name] as const)),
);

/** `letters`: false switches off all that is typed without Ctrl or Alt, as WCAG 2.1.4 asks. */
export function createKeyReader(letters: () => boolean): KeyReader {
  let first: { readonly key: string; readonly at: number } | null = null;
  let engine = 0;
  return {
    get engine() {
      return engine;
    },
    read(press, place) {
      const key = nameOf(press);
      const before = first;
      first = null;
      if (!letters() && isCharacter(press.key) && !press.command && !press.alt) return null;
      if (place === 'command' && before !== null && press.at - before.at <= WINDOW) {
        // `g`, and the digits behind it: each makes the number longer.
        const digits = /^g(\d?)$/.exec(before.key);
        if (digits && /^\d$/.test(key)) {
          engine = Number(`${digits[1] ?? ''}${key}`);
          first = { key: before.key + key, at: press.at };
          return 'focus-engine';
        }
      }
      if (key === 'g' && place === 'command') {
        first = { key, at: press.at };
        return null;
      }
      const double = BY_KEY.get(`${key} ${key}`);
      if (double !== undefined && place === 'command') {
        if (before?.key === key && press.at - before.at <= WINDOW) return double;
        first = { key, at: press.at };
        return null;
      }
      const action = BY_KEY.get(key) ?? BY_KEY.get(unshifted(key));
      return action !== undefined && holds(action, place) ? action : null;
    },
  };
}

function holds(action: ActionName, place: KeyPlace): boolean {
  const { where } = ACTIONS[action];
  return place === 'command' || where === 'page' || (where === 'editor' && place === 'editor');
}

/** As in the table of actions. Of what the press may be, the first that is in it. */
function nameOf(press: KeyPress): string {
  const names = keysMeant(press).map((key) => named(press, key));
  const [typed = ''] = names;
  return names.find(isKnown) ?? typed;
}

function named({ shift, command, alt }: KeyPress, key: string): string {
  // Shift and the key of `-` give `_` on most keyboards.
  const plain = key === '_' ? '-' : key;
  return `${command ? 'Mod+' : ''}${alt ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${plain}`;
}

function isKnown(name: string): boolean {
  return /^[g\d]$/.test(name) || [name, unshifted(name), `${name} ${name}`].some((one) => BY_KEY.has(one));
}

/** Digits and signs of some keyboards need Shift; letters with it mean something else. */
function unshifted(name: string): string {
  return /Shift\+[^\p{L}]$/u.test(name) ? name.replace('Shift+', '') : name;
}
