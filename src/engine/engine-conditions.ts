import { createConditions, type Conditions } from '../protocol/conditions.ts';
import { readImport } from '../protocol/import-spec.ts';
import type { Namespace } from '../realm/namespace.ts';
import { UnmetDependency } from './unmet-dependency.ts';

/** `depend`, `dependent` and `require` for code on engines: what they make works here and travels from here. */
export function engineConditions(
  namespace: Namespace,
  load: (specifier: string) => Promise<unknown>,
): Pick<Conditions, 'depend' | 'dependent' | 'require'> {
  const { depend, dependent, require } = createConditions({
    checkCallable: (f) => {
      if (typeof f !== 'function') throw new TypeError(`f must be callable, not ${typeof f}`);
    },
    sendable: (f) => f,
    isPlainObject: (value): value is Readonly<Record<string, unknown>> =>
      typeof value === 'object' && value !== null && !Array.isArray(value),
    parseImport: (text) => {
      const spec = readImport(text);
      if (spec) return spec;
      throw new TypeError(
        `${JSON.stringify(text)} gives no name to import it by; write 'module as name' or 'export from module'`,
      );
    },
    unmet: (message) => new UnmetDependency(message),
    here: {
      has: (name) => namespace.has(name),
      set: (name, value) => {
        namespace.set(name, value);
      },
      load: async (module) => Object(await load(module)) as object,
    },
  });
  return { depend, dependent, require };
}
