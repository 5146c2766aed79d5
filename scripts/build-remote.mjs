// `npm run build:remote`: the programs that run beside a cluster, from a fresh clone: installs, builds `remote/dist/`.
import { fileURLToPath } from 'node:url';
import { ensureInstalled, ensureRemoteInstalled } from './install.mjs';

ensureInstalled();
ensureRemoteInstalled();
const { build } = await import('vite');
await build({
  configFile: fileURLToPath(new URL('../remote/vite.config.ts', import.meta.url)),
  logLevel: 'warn',
});
console.log('Built: remote/dist/');
