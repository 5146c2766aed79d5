import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.png': 'image/png',
  '.ipynb': 'application/json',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
};

interface StaticHost {
  readonly url: string;
  /** What stands under this name, from `dist/`. */
  readonly read: (name: string) => string;
  /** From now on it is this, whether there was such a file or not. */
  readonly replace: (name: string, text: string) => void;
  readonly close: () => void;
}

/** A static host such as people have: `dist/` under a sub-path, and not one header of ours. */
export async function serveWithoutHeaders(prefix: string): Promise<StaticHost> {
  const replaced = new Map<string, string>();
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '/').split('?')[0] ?? '/');
    if (!path.startsWith(prefix)) {
      response.writeHead(404).end('Not here');
      return;
    }
    let file = join(dist, normalize(path.slice(prefix.length - 1)));
    if (file.endsWith('/')) file += 'index.html';
    const text = replaced.get(file);
    if (!file.startsWith(dist) || (text === undefined && !(existsSync(file) && statSync(file).isFile()))) {
      response.writeHead(404).end('No such file');
      return;
    }
    response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' });
    if (text === undefined) createReadStream(file).pipe(response);
    else response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}${prefix}`,
    read: (name) => readFileSync(join(dist, name), 'utf8'),
    replace: (name, text) => {
      replaced.set(join(dist, name), text);
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
