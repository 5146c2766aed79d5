import { FileNotFoundError } from '../../client/errors.ts';
import { frameName } from '../../client/source-file.ts';
import { UsageError } from '../../realm/magics/flags.ts';
import type { MagicCall } from '../../realm/magics/magic-call.ts';
import { NO_FLAGS, type MagicRegistry } from './magic.ts';

/** Throws, or rejects with, FileNotFoundError. */
type ReadSource = (name: string) => string | Promise<string>;

/** `%run` and `%load`: files of the workspace, in the kernel. */
export function registerFileMagics(registry: MagicRegistry, readSource: ReadSource): void {
  registry.register('run', {
    forms: 'line',
    usage: 'name',
    help: 'run a file of the workspace here; its names stay',
    flags: NO_FLAGS,
    prepare: (call, context) => {
      const name = fileName(call);
      return async () => {
        const text = await context.interrupts.race(read(readSource, name));
        const step = context.prepare(text, frameName(name));
        await context.loadLibraries();
        return step();
      };
    },
  });
  registry.register('load', {
    forms: 'line',
    usage: 'name',
    help: 'put the text of a file of the workspace into this cell',
    flags: NO_FLAGS,
    prepare: (call, context) => {
      const name = fileName(call);
      return async () => {
        const text = await context.interrupts.race(read(readSource, name));
        context.replaceSource(`// %load ${name}\n${text}`);
        return {};
      };
    },
  });
}

function fileName(call: MagicCall): string {
  const name = call.rest.trim().replace(/^(["'])(.*)\1$/, '$2');
  if (name !== '') return name;
  throw new UsageError(`%${call.name}: which file? Write %${call.name} name. Nothing was run.`);
}

/** A wrong name is a mistake in the call. */
async function read(readSource: ReadSource, name: string): Promise<string> {
  try {
    return await readSource(name);
  } catch (error) {
    if (error instanceof FileNotFoundError) throw new UsageError(error.message);
    throw error;
  }
}
