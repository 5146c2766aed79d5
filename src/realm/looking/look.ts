/** What can be told of a value without running any code: getters are never called. */

/** Null where only running code could tell. */
export type Seen = { readonly value: unknown } | null;

/** One step of a path where the value itself does not have it: `rc[0]`. */
export type StepInto = (value: unknown, key: string) => Seen;

/** The value at a path of names, over data properties. */
export function seeAt(root: object, path: readonly string[], stepInto: StepInto): Seen {
  let seen: Seen = { value: root };
  for (const key of path) {
    if (seen === null) return null;
    seen = seeProperty(seen.value, key) ?? stepInto(seen.value, key);
  }
  return seen;
}

/** The same where values have no steps of their own. */
export function lookUp(root: object, path: readonly string[]): Seen {
  return seeAt(root, path, () => null);
}

function seeProperty(value: unknown, key: string): Seen {
  if (value === null || value === undefined) return null;
  for (const owner of chainOf(value)) {
    const descriptor = ownDescriptor(owner, key);
    if (descriptor) return 'value' in descriptor ? { value: descriptor.value as unknown } : null;
  }
  return null;
}

export interface Member {
  readonly name: string;
  readonly kind: 'function' | 'class' | 'property';
}

const MOST_KEYS = 5000;

/** The names behind a dot, own ones first; without those that every object has. */
export function membersOf(value: unknown): readonly Member[] {
  if (value === null || value === undefined) return [];
  const members = new Map<string, Member>();
  for (const owner of chainOf(value)) {
    if (isRootPrototype(owner) && owner !== value) break;
    for (const name of namesOf(owner)) {
      const descriptor = ownDescriptor(owner, name);
      if (descriptor && !members.has(name)) members.set(name, { name, kind: kindOf(descriptor.value) });
    }
  }
  return [...members.values()].filter(
    ({ name }) => isWord(name) && !(name === 'constructor' && members.size > 1),
  );
}

export function kindOf(value: unknown): Member['kind'] {
  if (typeof value !== 'function') return 'property';
  return /^class\b/.test(Function.prototype.toString.call(value)) ? 'class' : 'function';
}

/** The value and what it inherits from; a Proxy that refuses ends it. */
function* chainOf(value: unknown): Generator<object> {
  let owner: object | null = Object(value) as object;
  for (let depth = 0; owner !== null && depth < 50; depth++) {
    yield owner;
    owner = prototypeOf(owner);
  }
}

function prototypeOf(owner: object): object | null {
  try {
    return Object.getPrototypeOf(owner) as object | null;
  } catch {
    return null;
  }
}

function ownDescriptor(owner: object, key: string): PropertyDescriptor | undefined {
  try {
    return Object.getOwnPropertyDescriptor(owner, key);
  } catch {
    return undefined;
  }
}

/** A list of a million items has a million keys, none of which stands behind a dot. */
function namesOf(owner: object): readonly string[] {
  if (isLong(owner)) return ['length'];
  try {
    return Object.getOwnPropertyNames(owner).slice(0, MOST_KEYS);
  } catch {
    return [];
  }
}

function isLong(owner: object): boolean {
  if (ArrayBuffer.isView(owner)) return true;
  return (Array.isArray(owner) || owner instanceof String) && owner.length > MOST_KEYS;
}

/** `Object.prototype`, of whichever realm. */
function isRootPrototype(owner: object): boolean {
  return prototypeOf(owner) === null && ownDescriptor(owner, 'hasOwnProperty') !== undefined;
}

function isWord(name: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
}
