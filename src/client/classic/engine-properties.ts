import { engineFunction } from './engine-function.ts';

/** An engine's properties: what its user says about it, for tasks that choose by them. */
export type Properties = Readonly<Record<string, unknown>>;

export const assignProperties = engineFunction(
  'setProperties',
  '(properties) => { Object.assign(engine.properties, properties); return null; }',
);

export const readProperties = engineFunction(
  'getProperties',
  `(names) => names === null
    ? { ...engine.properties }
    : Object.fromEntries(names.map((name) => [name, engine.properties[name]]))`,
);

export const haveProperties = engineFunction(
  'hasProperties',
  '(names) => names.map((name) => Object.hasOwn(engine.properties, name))',
);

/** Of these names, or all. */
export const removeProperties = engineFunction(
  'delProperties',
  `(names) => {
    for (const name of names ?? Object.keys(engine.properties)) delete engine.properties[name];
    return null;
  }`,
);

/** Tells those whose tasks wait for engines with other properties that there may be some now. */
export class PropertyNews {
  readonly #listeners: (() => void)[] = [];

  listen(listener: () => void): void {
    this.#listeners.push(listener);
  }

  tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
