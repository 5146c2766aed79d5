// `npm run test:hostile`: all notebooks that mean harm; `npm test` has the quick half of them.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureBrowser } from './browser.mjs';
import { ensureInstalled } from './install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
ensureInstalled();
ensureBrowser();
for (const command of [
  ['npm', 'run', '--silent', 'test:build'],
  ['npx', 'playwright', 'test', 'e2e/hostile.spec.ts', ...process.argv.slice(2)],
]) {
  const [name = '', ...args] = command;
  const { status } = spawnSync(name, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, HOSTILE: 'all' },
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}
