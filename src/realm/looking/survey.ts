import {
  VARIABLES_AT_ONCE,
  type LookAnswer,
  type LookQuestion,
  type Variable,
  type VariableKind,
} from '../../protocol/looking.ts';
import { kindOf } from './look.ts';
import { typeName } from '../magics/describe.ts';
import { containerOf, isList, readData, sizeOf, type Container, type Read } from './kinds.ts';
import { measure } from './measure.ts';
import { lineKindOf, quietText } from './summary.ts';

type Question = Extract<LookQuestion, { type: 'variables' }>;
type Answer = Extract<LookAnswer, { type: 'variables' }>;

/** Milliseconds that one question may take of its realm's time, but for a single variable that takes longer. */
const SLICE = 4;

interface Known {
  readonly mark: string;
  /** The round in which it was found changed. */
  readonly round: number;
}

/** The variables of a realm, told in rounds: whoever asks again hears only what has changed since. */
export class Survey {
  readonly #globals: object;
  readonly #keys: () => readonly string[];
  /** In milliseconds. */
  readonly #now: () => number;
  #round = 0;
  #names: readonly string[] = [];
  #namesRound = 0;
  readonly #known = new Map<string, Known>();

  /** `keys`: the user's names; their values are looked for in `globals`. */
  constructor(globals: object, keys: () => readonly string[], now: () => number) {
    this.#globals = globals;
    this.#keys = keys;
    this.#now = now;
  }

  answer({ since, from }: Question): Answer {
    if (from === 0) this.#begin();
    const began = this.#now();
    const changed: Variable[] = [];
    let at = from;
    for (; at < this.#names.length && changed.length < VARIABLES_AT_ONCE; at++) {
      if (at > from && this.#now() - began > SLICE) break;
      const variable = this.#look(this.#names[at] ?? '', since);
      if (variable) changed.push(variable);
    }
    return {
      type: 'variables',
      round: this.#round,
      names: this.#namesRound > since ? this.#names : null,
      changed,
      next: at < this.#names.length ? at : null,
    };
  }

  #begin(): void {
    this.#round++;
    const names = this.#keys();
    const isSame = names.length === this.#names.length && names.every((name, i) => name === this.#names[i]);
    if (isSame && this.#round > 1) return;
    const living = new Set(names);
    for (const name of this.#known.keys()) if (!living.has(name)) this.#known.delete(name);
    this.#names = names;
    this.#namesRound = this.#round;
  }

  #look(name: string, since: number): Variable | null {
    const variable = describe(name, readData(this.#globals, name));
    const mark = `${variable.type} ${variable.digest}`;
    const known = this.#known.get(name);
    const round = known?.mark === mark ? known.round : this.#round;
    if (known?.mark !== mark) this.#known.set(name, { mark, round });
    return round > since ? variable : null;
  }
}

function describe(name: string, read: Read): Variable {
  if (typeof read === 'string') {
    return {
      name,
      kind: 'word',
      type: 'getter',
      length: null,
      bytes: 0,
      text: read,
      digest: '',
      whole: false,
    };
  }
  const { value } = read;
  const container = containerOf(value);
  const length = container ? lengthOf(value, container) : null;
  return {
    name,
    kind: kindOfVariable(value),
    type: typeName(value).slice(0, 200),
    length,
    text: quietText(value),
    ...measure(value),
  };
}

function lengthOf(value: unknown, container: Container): number | null {
  if (isList(value)) return value.length;
  return container.type === 'object' ? null : sizeOf(container);
}

function kindOfVariable(value: unknown): VariableKind {
  const kind = lineKindOf(value);
  if (kind === 'function') return kindOf(value) === 'class' ? 'class' : 'function';
  return kind === 'object' && (isList(value) || ArrayBuffer.isView(value)) ? 'list' : kind;
}
