import { BlockingUnavailableError } from '../errors.ts';
import { camelCase } from '../spelling.ts';

/** Endings that some methods have and others do not. */
const ENDING = /(Async|Sync)$/;

/**
 * The public member of `object` that a name which is none may have been meant for: the same with or without `Async` or
 * `Sync`, the same in another case, or one with a typing mistake or two. Null: nothing is near.
 */
export function nearestMember(object: object, name: string): string | null {
  const members = membersOf(object);
  const wanted = camelCase(name);
  const stem = wanted.replace(ENDING, '');
  const exact = [wanted, stem, `${stem}Async`, `${stem}Sync`].find((other) => members.has(other));
  if (exact !== undefined) return exact;
  const most = Math.min(2, Math.floor(wanted.length / 3));
  let nearest: string | null = null;
  let least = most + 1;
  for (const member of members) {
    const isCloser = Math.abs(member.length - wanted.length) < least;
    const distance = isCloser ? distanceOf(member.toLowerCase(), wanted.toLowerCase()) : least;
    if (distance < least) [nearest, least] = [member, distance];
  }
  return nearest;
}

/** A sentence for a name that is none of the object's, with the one that may have been meant. */
export function noMember(object: object, className: string, name: string): string {
  const nearest = nearestMember(object, name);
  const meant = nearest === null ? '' : ` Did you mean '${nearest}'?`;
  return `A ${className} has no method or property '${name}'.${meant}`;
}

/**
 * Where nothing can be waited for, a mistyped method should hear more than that. `twin`: how to get a variable.
 * @throws BlockingUnavailableError for a name that is near a member's.
 */
export function refuseMistyped(object: object, className: string, name: string, twin: string): void {
  if (nearestMember(object, name) === null) return;
  throw new BlockingUnavailableError(
    `${noMember(object, className, name)} (A variable of that name: \`${twin}\`.)`,
  );
}

/** In camelCase, of the object's classes. */
function membersOf(object: object): ReadonlySet<string> {
  const members = new Set<string>();
  for (let type = prototypeOf(object); type && type !== Object.prototype; type = prototypeOf(type)) {
    for (const name of Object.getOwnPropertyNames(type)) {
      if (name !== 'constructor' && camelCase(name) === name) members.add(name);
    }
  }
  return members;
}

function prototypeOf(object: object): object | null {
  return Object.getPrototypeOf(object) as object | null;
}

/** Levenshtein's, a swap of two neighbours counting as one: how many letters to put in, take out, change or swap. */
export function distanceOf(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwap ? (beforeLast[j - 2] ?? 0) + 1 : Infinity;
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, change, swap));
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
