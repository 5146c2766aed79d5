import { entrance, makeEntrances } from '../base/primordials.ts';
import { nameOfBuiltin, registerBuiltin } from '../protocol/canned.ts';

/** The API as users get it: whatever they call of it comes in by a door (`base/primordials`). */
export function withDoors<Api extends Readonly<Record<string, unknown>>>(api: Api): Api {
  return Object.fromEntries(Object.entries(api).map(([name, value]) => [name, withDoor(value)])) as Api;
}

function withDoor(value: unknown): unknown {
  if (typeof value === 'function') return isClass(value) ? classWithDoors(value) : functionWithDoor(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Object.getPrototypeOf(value) === Object.prototype) objectWithDoors(value);
  else classWithDoors(Reflect.get(value, 'constructor') as object);
  return value;
}

function objectWithDoors(object: object): void {
  makeEntrances(object);
  for (const inner of Object.values(object) as unknown[])
    if (typeof inner === 'object' && inner !== null && Object.getPrototypeOf(inner) === Object.prototype)
      makeEntrances(inner);
}

/** Of the class and of those that it extends. */
function classWithDoors(type: object): object {
  for (
    let one: object | null = type;
    one !== null && isClass(one);
    one = Object.getPrototypeOf(one) as object | null
  ) {
    refuseSetting(Reflect.get(one, 'prototype') as object);
    makeEntrances(Reflect.get(one, 'prototype') as object);
    makeEntrances(one);
  }
  return type;
}

/** What can be read only says so when it is set: loose code would go on as if it were. */
function refuseSetting(prototype: object): void {
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (!descriptor.get || descriptor.set || descriptor.configurable !== true) continue;
    const set = function (this: object): void {
      const { name } = this.constructor;
      throw new TypeError(`${key} of ${name} can be read only: it tells what is, and does not change it`);
    };
    Object.defineProperty(prototype, key, { ...descriptor, set });
  }
}

function isClass(value: object): boolean {
  const prototype = Object.getOwnPropertyDescriptor(value, 'prototype');
  const isNative = prototype !== undefined && NATIVE.has(prototype.value);
  return prototype?.writable === false && !isNative;
}

const NATIVE: ReadonlySet<unknown> = new Set(
  [Object, Function, Error, AggregateError, Promise, Array].map((one) => one.prototype as unknown),
);

/** Another function; what travels by name goes on to do so. */
function functionWithDoor(fn: object): object {
  const entered = entrance(fn as (this: unknown) => unknown);
  if (entered === fn) return fn;
  for (const key of Reflect.ownKeys(fn)) {
    const descriptor = Object.getOwnPropertyDescriptor(fn, key);
    if (descriptor && !Object.hasOwn(entered, key)) Object.defineProperty(entered, key, descriptor);
  }
  makeEntrances(entered);
  const name = nameOfBuiltin(fn);
  if (name !== undefined) registerBuiltin(name, entered);
  return entered;
}
