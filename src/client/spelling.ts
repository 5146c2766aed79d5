/**
 * The one rule for IPython's spelling: every camelCase name has a snake_case twin (`applyAsync`,
 * `apply_async`). Classes get the twins on their prototypes and constructors; options objects are read
 * through `camelKeys`. Nothing else in the client knows that a second spelling exists.
 */

/** `applyAsync` -> `apply_async`, `msgIds` -> `msg_ids`; names without capitals stay as they are. */
export function snakeCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `apply_async` -> `applyAsync`; a leading or trailing underscore is part of the name. */
export function camelCase(name: string): string {
  if (!name.includes('_')) return name;
  return name.replace(/(?<=[a-z0-9])_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}

/** The options with every key in camelCase. */
export function camelKeys(options: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [camelCase(key), value as unknown]),
  );
}

type SnakeCase<Name extends string> = Name extends `${infer Head}${infer Tail}`
  ? Tail extends Uncapitalize<Tail>
    ? `${Uncapitalize<Head>}${SnakeCase<Tail>}`
    : `${Uncapitalize<Head>}_${SnakeCase<Tail>}`
  : Name;

/** `T` with the second spelling declared: for the declarations that users see. */
export type Spelled<T> = T & {
  readonly [
    Key in keyof T as Key extends string
      ? string extends Key
        ? never
        : SnakeCase<Key> extends Key
          ? never
          : SnakeCase<Key>
      : never
  ]: T[Key];
};

type AnyClass = (abstract new (...args: never[]) => object) & { readonly prototype: object };

/** Gives a class's own members, and its statics, their snake_case twins. Extra names are instance fields. */
export function spell(type: AnyClass, fields: readonly string[] = []): void {
  for (const name of [...Object.getOwnPropertyNames(type.prototype), ...fields])
    addTwin(type.prototype, name);
  for (const name of Object.getOwnPropertyNames(type)) addTwin(type, name);
}

// A twin asks for the camelCase name at the time of use, so that overriding and assignment reach it too.
function addTwin(owner: object, name: string): void {
  const twin = snakeCase(name);
  if (twin === name || Object.hasOwn(owner, twin)) return;
  Object.defineProperty(owner, twin, {
    configurable: true,
    enumerable: false,
    get(this: object): unknown {
      return Reflect.get(this, name) as unknown;
    },
    set(this: object, value: unknown) {
      Reflect.set(this, name, value);
    },
  });
}
