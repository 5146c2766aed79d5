import { frameName } from '../../client/source-file.ts';
import { UsageError } from '../../realm/magics/flags.ts';
import type { MagicCall } from '../../realm/magics/magic-call.ts';
import type { WorkspaceFiles } from '../workspace-files.ts';
import { NO_FLAGS, type MagicRegistry } from './magic.ts';

/** `%run` and `%load`: files of the workspace, in the kernel. */
export function registerFileMagics(registry: MagicRegistry, files: WorkspaceFiles): void {
  registry.register('run', {
    forms: 'line',
    usage: 'name',
    help: 'run a file of the workspace here; its names stay',
    flags: NO_FLAGS,
    prepare: (call, context) => {
      const name = fileName(call);
      return async () => {
        const text = await context.interrupts.race(read(files, name));
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
        const text = await context.interrupts.race(read(files, name));
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

async function read(files: WorkspaceFiles, name: string): Promise<string> {
  const text = await files.readFile(name);
  if (text !== null) return text;
  const others = await files.list();
  const some = others.slice(0, 8).join(', ') + (others.length > 8 ? ', …' : '');
  const what = others.length === 0 ? 'The workspace has no files.' : `There are: ${some}.`;
  throw new UsageError(`There is no file ${JSON.stringify(name)}. ${what}`);
}
