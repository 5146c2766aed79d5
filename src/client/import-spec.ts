import { ValueError } from './errors.ts';

/** One import, as `syncImports` does it. */
export interface ImportSpec {
  readonly module: string;
  /** One of the module's exports; null for the module itself. */
  readonly exported: string | null;
  /** The name that it gets. */
  readonly name: string;
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/**
 * `d3`, `lodash-es as _`, `mean from d3`, `mean from d3 as average`. Without `as`, a module gets the last part
 * of its path as its name, without version and ending, in camelCase: `@observablehq/plot` is `plot`,
 * `https://esm.sh/lodash-es@4.17` is `lodashEs`.
 * @throws TypeError for what is no text; ValueError when there is no name in it.
 */
export function parseImport(text: unknown, as?: string): ImportSpec {
  if (typeof text !== 'string') throw new TypeError(`a module is a text like 'd3', not ${typeof text}`);
  const [, exported, module = '', alias] =
    /^\s*(?:(\S+)\s+from\s+)?(\S+)(?:\s+as\s+(\S+))?\s*$/.exec(text) ?? [];
  const name = as ?? alias ?? exported ?? nameOfModule(module);
  const isFine = module !== '' && IDENTIFIER.test(name) && IDENTIFIER.test(exported ?? name);
  if (isFine) return { module, exported: exported ?? null, name };
  throw new ValueError(
    `${JSON.stringify(text)} gives no name to import it by; write 'module as name' or 'export from module'`,
  );
}

function nameOfModule(module: string): string {
  const path = module.replace(/[?#].*$/, '').replace(/\/(\+esm|index\.m?js)$/, '');
  const last = path.split('/').findLast((part) => part !== '') ?? '';
  const bare = last.replace(/(?<=.)@.*$/, '').replace(/\.[cm]?[jt]sx?$/, '');
  return bare.replace(
    /[^\p{ID_Continue}$]+(\p{ID_Continue})?/gu,
    (_, next?: string) => next?.toUpperCase() ?? '',
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
