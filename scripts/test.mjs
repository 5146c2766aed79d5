// `npm test`: installs what tests need, then everything a change must pass, cheapest first.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureBrowser } from './browser.mjs';
import { ensureInstalled, ensureRemoteInstalled } from './install.mjs';
import { ensureIpyparallel } from './ipyparallel.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
/** What uses one core each, two at a time; then what uses all there are, one at a time. */
const SIDE_BY_SIDE = ['lint', 'types', 'format', 'floors', 'unused', 'build'];
const IN_TURN = ['size', 'unit', 'e2e'];

ensureInstalled();
ensureRemoteInstalled();
ensureBrowser();
ensureIpyparallel();
const failed = [];
const begun = Date.now();
const waiting = [...SIDE_BY_SIDE];
await Promise.all(
  [1, 2].map(async () => {
    while (waiting.length > 0) await run(waiting.shift(), 'pipe');
  }),
);
for (const step of IN_TURN) {
  // Nothing can be measured or tried in a browser that did not build.
  if (step === 'unit' || !failed.includes('build')) await run(step, 'inherit');
  else failed.push(step);
}
const steps = SIDE_BY_SIDE.length + IN_TURN.length;
console.log(failed.length === 0 ? `\nAll passed in ${seconds(begun)} s` : `\nFailed: ${failed.join(', ')}`);
console.log(`${steps - failed.length} passed, ${failed.length} failed`);
process.exit(failed.length === 0 ? 0 : 1);

/** Steps that run beside each other print when they end, so that their lines do not mix. */
async function run(step, output) {
  const from = Date.now();
  const title = `\n── test:${step}`;
  if (output === 'inherit') console.log(title);
  const child = spawn('npm', ['run', '--silent', `test:${step}`], {
    cwd: root,
    stdio: ['ignore', output, output],
    shell: process.platform === 'win32',
  });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => said.push(chunk));
  const code = await new Promise((done) => {
    child.once('error', () => done(1)).once('close', done);
  });
  if (output === 'pipe') console.log(`${title}\n${Buffer.concat(said).toString().trimEnd()}`);
  console.log(`── test:${step} ${code === 0 ? 'passed' : 'FAILED'} in ${seconds(from)} s`);
  if (code !== 0) failed.push(step);
}

function seconds(from) {
  return ((Date.now() - from) / 1000).toFixed(1);
}
