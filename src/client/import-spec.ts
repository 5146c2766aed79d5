import { readImport, nameOfModule, type ImportSpec } from '../protocol/import-spec.ts';
import { ValueError } from './errors.ts';

export type { ImportSpec } from '../protocol/import-spec.ts';

/**
 * `d3`, `lodash-es as _`, `mean from d3`, `mean from d3 as average`. Without `as`, a module gets the last part
 * of its path as its name, without version and ending, in camelCase: `@observablehq/plot` is `plot`,
 * `https://esm.sh/lodash-es@4.17` is `lodashEs`.
 * @throws TypeError for what is no text; ValueError when there is no name in it.
 */
export function parseImport(text: unknown, as?: string): ImportSpec {
  if (typeof text !== 'string') throw new TypeError(`a module is a text like 'd3', not ${typeof text}`);
  const spec = readImport(text, as);
  if (spec) return spec;
  throw new ValueError(
    `${JSON.stringify(text)} gives no name to import it by; write 'module as name' or 'export from module'`,
  );
}

/** `importing mean from d3 on engine(s)` */
export function announcement({ module, exported, name }: ImportSpec): string {
  const what = exported === null ? module : `${exported} from ${module}`;
  const isRenamed = name !== (exported ?? nameOfModule(module));
  return `importing ${what}${isRenamed ? ` as ${name}` : ''} on engine(s)`;
}

/** A cell that does it. A module that has nothing but a default export is that export. */
export function importCode({ module, exported, name }: ImportSpec): string {
  const from = JSON.stringify(module);
  if (exported !== null) return `import { ${exported} as ${name} } from ${from};`;
  const pick = "((m) => Object.keys(m).join() === 'default' ? m.default : m)";
  return `globalThis[${JSON.stringify(name)}] = ${pick}(await import(${from}));\nvoid 0`;
}
