// `npm test`: installs what tests need, then everything a change must pass, cheapest first.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureBrowser } from './browser.mjs';
import { ensureIpyparallel } from './ipyparallel.mjs';
import { ensureInstalled, ensureRemoteInstalled } from './install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const STEPS = ['format', 'types', 'lint', 'floors', 'unused', 'unit', 'build', 'size', 'e2e'];

ensureInstalled();
ensureRemoteInstalled();
ensureBrowser();
ensureIpyparallel();
const failed = [];
const begun = Date.now();
for (const step of STEPS) {
  const from = Date.now();
  console.log(`\n── test:${step}`);
  const { status } = spawnSync('npm', ['run', '--silent', `test:${step}`], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  console.log(`── test:${step} ${status === 0 ? 'passed' : 'FAILED'} in ${seconds(from)} s`);
  if (status !== 0) failed.push(step);
  // Nothing can be tried in a browser that did not build.
  if (status !== 0 && step === 'build') break;
}
console.log(failed.length === 0 ? `\nAll passed in ${seconds(begun)} s` : `\nFailed: ${failed.join(', ')}`);
console.log(`${STEPS.length - failed.length} passed, ${failed.length} failed`);
process.exit(failed.length === 0 ? 0 : 1);

function seconds(from) {
  return ((Date.now() - from) / 1000).toFixed(1);
}
