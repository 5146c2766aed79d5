import { isCanned } from './canned.ts';
import { textOfStep, type Segment } from './pack-trail.ts';

interface Step {
  readonly from: object | null;
  readonly segment: Segment | null;
}

/**
 * The way to an object that is somewhere in packed data, as people write it: `args[0].blob`. For ways on which not
 * all can go that was packed. `root`: what the packed value is called; null: the way begins with its first key.
 */
export function wayTo(target: object, packed: unknown, root: string | null): string {
  const steps = new Map<object, Step>();
  const waiting: object[] = [];
  const meet = (part: unknown, from: object | null, segment: Segment | null): void => {
    if (typeof part !== 'object' || part === null || steps.has(part)) return;
    steps.set(part, { from, segment });
    waiting.push(part);
  };
  meet(packed, null, null);
  for (let i = 0; i < waiting.length && !steps.has(target); i++) look(waiting[i] as object, meet);
  return written(target, steps, root);
}

type Meet = (part: unknown, from: object, segment: Segment | null) => void;

function look(object: object, meet: Meet): void {
  if (ArrayBuffer.isView(object)) {
    meet(object.buffer, object, null);
  } else if (object instanceof Map) {
    let n = 0;
    for (const [key, value] of object as Map<unknown, unknown>) {
      meet(key, object, { text: `.keys[${String(n++)}]` });
      meet(value, object, { text: `.get(${typeof key === 'string' ? JSON.stringify(key) : '…'})` });
    }
  } else if (object instanceof Set) {
    let n = 0;
    for (const value of object as Set<unknown>) meet(value, object, { text: `.values[${String(n++)}]` });
  } else if (isCanned(object)) {
    // How it is told is no step of the user's.
    for (const part of Object.values(object)) {
      meet(part, object, null);
      if (isRecord(part)) for (const [key, value] of Object.entries(part)) meet(value, part, key);
    }
  } else {
    const isList = Array.isArray(object);
    for (const [key, value] of Object.entries(object)) meet(value, object, isList ? Number(key) : key);
  }
}

function isRecord(part: unknown): part is object {
  return typeof part === 'object' && part !== null && Object.getPrototypeOf(part) === Object.prototype;
}

function written(target: object, steps: ReadonlyMap<object, Step>, root: string | null): string {
  const texts: string[] = [];
  for (let at = steps.get(target); at; at = at.from === null ? undefined : steps.get(at.from))
    if (at.segment !== null) texts.unshift(textOfStep(at.segment));
  const shown = texts.length <= 12 ? texts : [...texts.slice(0, 6), ' … ', ...texts.slice(-5)];
  return `${root ?? ''}${shown.join('')}`.replace(/^\./, '') || 'value';
}
