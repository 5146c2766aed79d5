// `npm run test:hostile`: all notebooks that mean harm, in each browser that is installed; `npm test` has the quick half
// of them, in Chromium.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureBrowser, otherBrowsers } from './browser.mjs';
import { ensureInstalled } from './install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
ensureInstalled();
ensureBrowser();
const others = otherBrowsers().flatMap((name) => ['--project', name]);
const given = process.argv.slice(2);
for (const command of [
  ['npm', 'run', '--silent', 'test:build'],
  ['npx', 'playwright', 'test', 'e2e/hostile.spec.ts', ...given],
  ...(others.length === 0
    ? []
    : [['npx', 'playwright', 'test', '--config', 'e2e/browsers', ...others, ...given]]),
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
