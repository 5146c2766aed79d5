// `npm run test262 -- PATH [--only TEXT] [--sample N] [--list]`: the language's own tests, run as cells.
//
// PATH is a checkout of tc39/test262. `--only`: tests whose path has this text in it. `--sample N`: every Nth test.
// `--list`: names of all that fail. What is no cell's business (modules, strict mode alone) is left out; what this Node
// itself fails as a script is told apart; what cells do otherwise by design is in `test262/differences.mjs`.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { build } from 'vite';
import { differenceOf, DIFFERENCES } from './test262/differences.mjs';

const { values, positionals } = parseArgs({
  options: { only: { type: 'string' }, sample: { type: 'string' }, list: { type: 'boolean' } },
  allowPositionals: true,
});
const [checkout] = positionals;
if (checkout === undefined) {
  console.error('Name a checkout of https://github.com/tc39/test262: npm run test262 -- PATH');
  process.exit(2);
}

/** How many tests a worker takes at a time. */
const PORTION = 50;
const MOST_LISTED = 200;

const step = Number(values.sample ?? 1);
const tests = testsIn(join(checkout, 'test', 'language'))
  .filter((file) => values.only === undefined || file.includes(values.only))
  .filter((_, index) => index % step === 0);
const folder = mkdtempSync(join(tmpdir(), 'tutti-test262-'));
try {
  report(await runAll(await bundle(folder)));
} finally {
  rmSync(folder, { recursive: true });
}

function testsIn(path) {
  return readdirSync(path, { recursive: true })
    .filter((file) => file.endsWith('.js') && !file.includes('_FIXTURE'))
    .sort()
    .map((file) => join(path, file));
}

/** The compiler of cells as one file that workers can import. */
async function bundle(outDir) {
  const entry = fileURLToPath(new URL('../src/lang/compile-cell.ts', import.meta.url));
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      write: false,
      target: 'es2023',
      minify: false,
      lib: { entry, formats: ['es'], fileName: 'cell' },
    },
  });
  const [{ output }] = [result].flat();
  const file = join(outDir, 'compile-cell.mjs');
  writeFileSync(file, output[0].code);
  return file;
}

/** Workers take tests in portions. */
async function runAll(compiler) {
  const results = [];
  let next = 0;
  const one = () =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('test262/worker.mjs', import.meta.url), {
        workerData: { checkout, compiler },
        stdout: true,
      });
      const give = () => {
        const portion = tests.slice(next, (next += PORTION));
        if (portion.length > 0) worker.postMessage(portion);
        else void worker.terminate().then(resolve);
      };
      worker.on('message', (done) => {
        results.push(...done);
        if (process.stderr.isTTY) process.stderr.write(`\r${results.length} of ${tests.length}`);
        give();
      });
      worker.on('error', reject);
      give();
    });
  await Promise.all(Array.from({ length: availableParallelism() }, one));
  if (process.stderr.isTTY) process.stderr.write('\r');
  return results;
}

function report(results) {
  const count = (outcome) => results.filter((one) => one.outcome === outcome).length;
  const failed = results
    .filter(({ outcome }) => outcome === 'failed')
    .map((one) => ({ ...one, name: one.file.slice(one.file.indexOf('language')).replaceAll('\\', '/') }));
  const unexpected = failed.filter((one) => differenceOf(one) === null);
  const passed = count('passed');
  const ran = passed + failed.length;
  const share = (part) => `${((100 * part) / Math.max(1, ran)).toFixed(2)} %`;
  console.log(`${passed} of ${ran} tests pass as cells: ${share(passed)}`);
  console.log(
    `${failed.length - unexpected.length} differ by design, ${unexpected.length} do not: ${share(ran - unexpected.length)} as meant`,
  );
  console.log(
    `left out: ${count('no cell')} for modules or for strict mode alone, ${count('not here')} that this Node fails as scripts`,
  );
  for (const difference of DIFFERENCES) {
    const number = failed.filter((one) => differenceOf(one) === difference).length;
    if (number > 0) console.log(`${String(number).padStart(6)}  ${difference.reason}`);
  }
  for (const { name, why } of values.list ? failed : unexpected.slice(0, MOST_LISTED))
    console.log(`  ${name}\n      ${why}`);
  process.exitCode = unexpected.length > 0 ? 1 : 0;
}
