import { createRequire } from 'node:module';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ImportError } from '../../src/realm/importer.ts';

const importUrl = (url: string): Promise<unknown> => import(/* @vite-ignore */ url);

/**
 * `import x from 'name'` on an engine in Node: Node's own modules, packages that are installed in the engine's
 * working directory or above it, files from there, and addresses that Node takes.
 */
export async function importPackage(specifier: string): Promise<unknown> {
  if (/^(node|data|file):/.test(specifier)) return importUrl(specifier);
  const folder = process.cwd();
  let found: string;
  try {
    found = createRequire(join(folder, 'x.js')).resolve(specifier);
  } catch (error) {
    throw new ImportError(
      `'${specifier}' could not be loaded on ${hostname()}: it is not installed in ${folder} or above it. ` +
        `Run \`npm install ${specifier}\` there, on every host that has engines.`,
      { cause: error },
    );
  }
  return importUrl(
    found.startsWith('/') || /^[A-Za-z]:\\/.test(found) ? pathToFileURL(found).href : `node:${found}`,
  );
}

/** The text of an ES module. */
export function importText(source: string): Promise<unknown> {
  return importUrl(`data:text/javascript;base64,${Buffer.from(source).toString('base64')}`);
}
