import type { Output } from '../../protocol/outputs.ts';
import { showOutput } from '../async-result/job-outputs.ts';
import { BlockingUnavailableError } from '../errors.ts';
import { announcement, importCode, parseImport, type ImportSpec } from '../import-spec.ts';

export interface ImportOptions {
  /** Do not print what is imported. Default false. */
  readonly quiet?: boolean;
  /** The name, for one module. */
  readonly as?: string;
  /** Import in this notebook too. Default true. */
  readonly local?: boolean;
}

export const IMPORT_OPTIONS = ['quiet', 'as', 'local'] as const;

/** What importing needs of its view. */
export interface ImportPlaces {
  /** Runs a cell's text on the engines; rejects with what they throw. */
  readonly onEngines: (code: string, name: string) => PromiseLike<unknown>;
  /** The same here. */
  readonly here: ((code: string) => Promise<void>) | undefined;
  readonly show: ((output: Output) => void) | undefined;
}

/** One after the other. The engines' errors come before those of here. */
export async function importEverywhere(
  modules: string | Iterable<string>,
  { quiet = false, as, local = true }: ImportOptions,
  places: ImportPlaces,
): Promise<void> {
  for (const spec of specsOf(modules, as)) {
    if (!quiet) showOutput(stdout(`${announcement(spec)}\n`), places.show);
    await importOne(spec, local ? places.here : undefined, places);
  }
}

/** The same without here, one result after the other: the next module begins when the last one has been waited for. */
export function* importOnEngines<Result>(
  modules: string | Iterable<string>,
  { quiet = false, as, local = true }: ImportOptions,
  places: { onEngines: (code: string, name: string) => Result; show: ImportPlaces['show'] },
): Generator<Result, void> {
  const specs = specsOf(modules, as);
  if (local) {
    throw new BlockingUnavailableError(
      'A module cannot be imported here while code holds the thread. Use `await view.syncImports(modules)`, or ' +
        '`{ local: false }` to import it on the engines alone.',
    );
  }
  for (const spec of specs) {
    if (!quiet) showOutput(stdout(`${announcement(spec)}\n`), places.show);
    yield places.onEngines(importCode(spec), `import ${spec.module}`);
  }
}

function specsOf(modules: string | Iterable<string>, as: string | undefined): readonly ImportSpec[] {
  const list = listOf(modules);
  if (as !== undefined && list.length !== 1) throw new TypeError("'as' is a name for one module");
  return list.map((module) => parseImport(module, as));
}

function listOf(modules: unknown): readonly unknown[] {
  if (typeof modules === 'string') return [modules];
  if (typeof modules === 'object' && modules !== null && Symbol.iterator in modules)
    return [...(modules as Iterable<unknown>)];
  throw new TypeError(
    `syncImports takes the names of modules, like ['d3', 'lodash-es as _'], not ${typeof modules}`,
  );
}

async function importOne(spec: ImportSpec, here: ImportPlaces['here'], places: ImportPlaces): Promise<void> {
  const code = importCode(spec);
  const [remote, local] = await Promise.allSettled([
    places.onEngines(code, `import ${spec.module}`),
    here?.(code),
  ]);
  if (remote.status === 'rejected') throw remote.reason;
  if (local.status === 'rejected') throw local.reason;
}

function stdout(text: string): Output {
  return { type: 'stream', lane: null, name: 'stdout', text };
}
