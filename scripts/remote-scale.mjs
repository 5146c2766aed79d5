// `npm run remote:scale [engines] [tasks]`: many engines on one controller of this machine; what each costs.
import { createServer } from 'vite';
import { ensureRemoteInstalled } from './install.mjs';
import { ensureIpyparallel } from './ipyparallel.mjs';

ensureRemoteInstalled();
ensureIpyparallel();
const [engines = '64', tasks = '4000'] = process.argv.slice(2);
const vite = await createServer({
  configFile: false,
  optimizeDeps: { noDiscovery: true, include: [] },
  logLevel: 'error',
  server: { middlewareMode: true, ws: false },
});
try {
  const { runScale } = await vite.ssrLoadModule('/remote/testing/scale.ts');
  await runScale({
    engines: Number(engines),
    tasks: Number(tasks),
    note: (what, value) => console.log(`${what.padEnd(52)} ${value}`),
  });
} finally {
  await vite.close();
}
