import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import { ownGlobals } from '../../scripts/own-globals-plugin.ts';
import { meterCopies } from './copy-meter.ts';

/** `__copied()` in a cell: bytes of large buffers copied in this thread since it was asked last. Stands before the
 * script, which takes the built-ins for itself; takes its own, too. */
const METER = `(({ Array, ArrayBuffer, Int8Array, Map, Math, Object, Reflect, Set }) => {
  Object.defineProperty(globalThis, '__copied', { value: (${meterCopies.toString()})().take });
})(globalThis);`;

/** The text of a thread's script, built from its door in `src/testing`: one self-contained piece of CommonJS. */
export async function buildThread(door: string): Promise<string> {
  const result = (await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('../..', import.meta.url)),
    publicDir: false,
    plugins: [ownGlobals()],
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
  return `${METER}(() => {${output?.output[0].code ?? ''}\n})()`;
}
