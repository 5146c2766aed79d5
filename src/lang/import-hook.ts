/**
 * The one hidden global that generated code calls: `import` in a cell, static or dynamic, becomes a call of
 * it. The realm that runs cells must install it, best with `createImportHook`.
 */
export const IMPORT_HOOK = '__tuttiImport';

/** `options` are those of `import(specifier, options)`; `names` are exports that must be there. */
export type ImportHook = (
  specifier: unknown,
  options?: unknown,
  names?: readonly string[],
) => Promise<object>;

/** `load` gives a module's namespace, of which `names` will be asked for, or rejects with a sentence why not. */
export function createImportHook(
  load: (specifier: string, options: unknown, names: readonly string[]) => Promise<object>,
): ImportHook {
  return async (given, options, names = []) => {
    const specifier = specifierOf(given);
    const module = await load(specifier, options, names);
    const missing = names.find((name) => !(name in module));
    if (missing !== undefined) throw new SyntaxError(missingExport(specifier, missing, module));
    return module;
  };
}

/** A text, or a URL; anything else is a mistake, of which the language would make a text. */
function specifierOf(given: unknown): string {
  const text = typeof given === 'string' || isAddress(given) ? String(given) : '';
  if (text.trim() !== '') return text;
  const what =
    typeof given === 'string'
      ? `'${given}'`
      : /^(object|symbol|function)$/.test(typeof given) && given !== null
        ? `${typeof given === 'object' ? 'an' : 'a'} ${typeof given}`
        : String(given);
  throw new TypeError(
    `import() takes the name or the address of a module as a text, like import('d3'), not ${what}`,
  );
}

function isAddress(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'href' in value && typeof value.href === 'string';
}

const MOST_NAMES = 12;

function missingExport(specifier: string, name: string, module: object): string {
  const has = Object.keys(module);
  const some = has.slice(0, MOST_NAMES).join(', ') + (has.length > MOST_NAMES ? ', …' : '');
  const wanted = name === 'default' ? 'no default export' : `no export named '${name}'`;
  return `The module '${specifier}' has ${wanted}${has.length > 0 ? `; it has ${some}` : ''}`;
}
