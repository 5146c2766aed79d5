import type { Importer } from './importer.ts';

/** Names that need a library which is too big to load unasked. */
export const LIBRARY_NAMES: Readonly<Record<string, string>> = { Plot: '@observablehq/plot', d3: 'd3' };

/**
 * The module `tutti`: a realm's own API, and the libraries among `names`, the exports that somebody asks for (none:
 * the whole module). Rejects with ImportError when a library that is named cannot be loaded.
 */
export async function tuttiModule(api: object, names: readonly string[], load: Importer): Promise<object> {
  const isWhole = names.length === 0;
  const wanted = Object.entries(LIBRARY_NAMES).filter(([name]) => isWhole || names.includes(name));
  const loaded = await Promise.all(
    wanted.map(async ([name, specifier]) => {
      try {
        return [[name, await load(specifier)] as const];
      } catch (error) {
        if (isWhole) return [];
        throw error;
      }
    }),
  );
  return { ...api, ...Object.fromEntries(loaded.flat()) };
}
