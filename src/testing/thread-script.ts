import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';

/** The text of a thread's script, built from its door in `src/testing`: one self-contained piece of CommonJS. */
export async function buildThread(door: string): Promise<string> {
  const result = (await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('../..', import.meta.url)),
    publicDir: false,
    build: {
      write: false,
      minify: false,
      ssr: true,
      lib: { entry: `src/testing/${door}.ts`, formats: ['cjs'], fileName: door },
      rolldownOptions: { output: { codeSplitting: false }, external: [/^node:/] },
    },
    ssr: { noExternal: true },
  })) as Rolldown.RolldownOutput[] | Rolldown.RolldownOutput;
  const [output] = Array.isArray(result) ? result : [result];
  // In a function of its own: an evaluated script's declarations would be globals, in the users' namespace.
  return `(() => {${output?.output[0].code ?? ''}\n})()`;
}
