// `npm run test:browsers`: the same stories in Chromium, Firefox and WebKit; on Debian it installs them.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureBrowser, ensureOtherBrowsers } from './browser.mjs';
import { ensureInstalled } from './install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
ensureInstalled();
ensureBrowser();
ensureOtherBrowsers();
for (const command of [
  ['npm', 'run', '--silent', 'test:build'],
  ['npx', 'playwright', 'test', '--config', 'e2e/browsers', ...process.argv.slice(2)],
]) {
  const [name = '', ...args] = command;
  const { status } = spawnSync(name, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}
