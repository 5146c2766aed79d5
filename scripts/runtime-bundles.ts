import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build, type Plugin, type Rolldown } from 'vite';
import { ownGlobals } from './own-globals-plugin.ts';

/**
 * What runs inside the sandboxed frame, built apart from the page: the frame has an opaque origin and loads
 * nothing by URL, so each part must be one self-contained text that the page hands in. The frame and the two
 * workers are classic scripts; libraries are ES modules.
 *
 * The page learns their URLs from the module `virtual:runtime-bundles`. In development they are built when
 * asked for.
 */
const root = fileURLToPath(new URL('..', import.meta.url));

const PARTS = {
  frame: { entry: 'src/frame.ts', format: 'iife' },
  kernel: { entry: 'src/kernel.worker.ts', format: 'iife' },
  engine: { entry: 'src/engine.worker.ts', format: 'iife' },
  'service-worker': { entry: 'src/service-worker.ts', format: 'iife' },
  cluster: { entry: 'src/cluster.ts', format: 'es' },
  schemes: { entry: 'src/schemes.ts', format: 'es' },
  'libs/plot': { entry: 'src/libs/plot.ts', format: 'es' },
  'libs/d3': { entry: 'src/libs/d3.ts', format: 'es' },
} as const;
type Part = keyof typeof PARTS;

/** Those that run users' code in their own realm. */
const SHARED: ReadonlySet<Part> = new Set(['kernel', 'engine']);

const VIRTUAL = 'virtual:runtime-bundles';

export function runtimeBundles(): Plugin {
  let serving = false;
  return {
    name: 'tutti-runtime-bundles',
    configResolved(config) {
      serving = config.command === 'serve';
    },
    resolveId: (id) => (id === VIRTUAL ? `\0${VIRTUAL}` : null),
    async load(id) {
      if (id !== `\0${VIRTUAL}`) return null;
      const urls: Record<string, string> = {};
      for (const part of Object.keys(PARTS) as Part[]) {
        urls[part] = serving ? `runtime/${part}.js` : await emit(this, part);
      }
      return `export default ${JSON.stringify(urls)};`;
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const part = partOfUrl(request.url ?? '');
        if (part === null) {
          next();
          return;
        }
        buildPart(part, 'development').then(
          (text) => {
            response.setHeader('Content-Type', 'text/javascript; charset=utf-8');
            response.setHeader('Cache-Control', 'no-store');
            response.end(text);
          },
          (error: unknown) => {
            next(error);
          },
        );
      });
    },
  };
}

async function emit(
  context: { emitFile: (file: { type: 'asset'; fileName: string; source: string }) => string },
  part: Part,
): Promise<string> {
  const source = await buildPart(part, 'production');
  // A service worker's address is its identity and its folder its scope: no hash, and at the top.
  const fileName = part === 'service-worker' ? 'service-worker.js' : `runtime/${part}-${hash(source)}.js`;
  context.emitFile({ type: 'asset', fileName, source });
  return fileName;
}

export async function buildPart(part: Part, mode: 'production' | 'development'): Promise<string> {
  const { entry, format } = PARTS[part];
  const result = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    mode,
    plugins: SHARED.has(part) ? [ownGlobals()] : [],
    publicDir: false,
    define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
    build: {
      write: false,
      target: 'es2023',
      minify: mode === 'production',
      sourcemap: false,
      lib: { entry, formats: [format], name: 'tutti', fileName: 'part' },
      rolldownOptions: {
        // Vite leaves white space in ES libraries, for bundlers behind it; there is none behind this one.
        output: { codeSplitting: false, minify: mode === 'production' },
      },
    },
  });
  const outputs = (Array.isArray(result) ? result : [result]) as Rolldown.RolldownOutput[];
  const chunks = outputs.flatMap((output) => output.output).filter((file) => file.type === 'chunk');
  const [chunk] = chunks;
  if (chunks.length !== 1 || chunk === undefined) throw new Error(`${part} is not one file`);
  return chunk.code;
}

function partOfUrl(url: string): Part | null {
  const path = url.split('?')[0] ?? '';
  if (path === '/service-worker.js') return 'service-worker';
  const match = /^\/runtime\/(.+)\.js$/.exec(path);
  return match && match[1] !== undefined && match[1] in PARTS ? (match[1] as Part) : null;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
