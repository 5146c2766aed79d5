// Runs tests of test262, each in a realm of its own: as a cell, and as a script if it fails as a cell.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import vm from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';

const { compileCell } = await import(workerData.compiler);
const LONGEST = 10_000;

const harness = new Map();

function script(name) {
  const known = harness.get(name);
  if (known) return known;
  const file = join(workerData.checkout, 'harness', name);
  const made = new vm.Script(readFileSync(file, 'utf8'), { filename: name });
  harness.set(name, made);
  return made;
}

parentPort.on('message', async (files) => {
  const results = [];
  for (const file of files) results.push({ file, ...(await judge(file)) });
  parentPort.postMessage(results);
});

// Promises that tests leave behind, rejected.
process.on('unhandledRejection', () => undefined);

async function judge(file) {
  const source = readFileSync(file, 'utf8');
  const test = { source, ...facts(source) };
  if (test.flags.some((flag) => NO_CELLS.has(flag)) || source.includes('_FIXTURE'))
    return { outcome: 'no cell' };
  const why = await fails(test, asCell);
  if (why === null) return { outcome: 'passed' };
  return {
    outcome: (await fails(test, asScript)) === null ? 'failed' : 'not here',
    why,
    features: test.features,
  };
}

const NO_CELLS = new Set(['module', 'onlyStrict', 'raw', 'CanBlockIsFalse']);

/** The few lines of YAML that matter. */
function facts(source) {
  const [, yaml = ''] = /\/\*---(.*?)---\*\//s.exec(source) ?? [];
  const list = (name) => {
    const inline = new RegExp(`^\\s*${name}:\\s*\\[(.*?)\\]`, 'ms').exec(yaml)?.[1];
    const lines = new RegExp(`^\\s*${name}:\\s*\\n((?:\\s+- .*\\n?)+)`, 'm').exec(yaml)?.[1];
    return (inline ?? lines?.replace(/^\s+- /gm, ',') ?? '')
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean);
  };
  const [, phase, type] = /negative:\s*\n\s+phase:\s*(\w+)\s*\n\s+type:\s*(\w+)/.exec(yaml) ?? [];
  return {
    flags: list('flags'),
    includes: list('includes'),
    features: list('features'),
    negative: phase ? { phase, type } : null,
  };
}

/** Null for what does as its test says; else what it did. */
async function fails(test, run) {
  const isAsync = test.flags.includes('async');
  const printed = [];
  let heard;
  const told = new Promise((resolve) => (heard = resolve));
  const context = realm((text) => {
    printed.push(String(text));
    heard();
  });
  try {
    for (const name of ['assert.js', 'sta.js', ...(isAsync ? ['doneprintHandle.js'] : []), ...test.includes])
      script(name).runInContext(context);
    await run(test.source, context);
    if (isAsync) await Promise.race([told, new Promise((resolve) => setTimeout(resolve, LONGEST).unref())]);
  } catch (error) {
    return judgeError(error, test.negative);
  }
  if (test.negative) return `does not throw ${test.negative.type}`;
  if (isAsync && printed[0] !== 'Test262:AsyncTestComplete')
    return printed[0] ?? 'never says that it has ended';
  return null;
}

function judgeError(error, negative) {
  const name =
    error?.constructor?.name === 'CellSyntaxError'
      ? 'SyntaxError'
      : (error?.constructor?.name ?? typeof error);
  if (negative?.type === name) return null;
  return `${name}: ${error?.message ?? String(error)}`.split('\n')[0];
}

function realm(print) {
  const context = vm.createContext({ print });
  const global = vm.runInContext('globalThis', context);
  const hidden = (name, value) => Object.defineProperty(global, name, { value, configurable: true });
  hidden('__tuttiGuard', () => 1e6);
  hidden('__tuttiItems', (items) => items);
  hidden('__tuttiImport', async (specifier) => {
    throw new TypeError(`no modules here: ${specifier}`);
  });
  global.$262 = {
    createRealm: () => realm(print).$262,
    evalScript: (text) => vm.runInContext(text, context),
    gc: () => undefined,
    global,
  };
  return context;
}

async function asCell(source, context) {
  const { js } = compileCell(source, { url: 'cell' });
  context.__tuttiRun = vm.runInContext('(0, eval)', context)(js);
  const running = vm.runInContext(
    '{ const run = __tuttiRun; delete globalThis.__tuttiRun; run() }',
    context,
    { timeout: LONGEST },
  );
  await (typeof running?.then === 'function' && running);
}

function asScript(source, context) {
  vm.runInContext(source, context, { timeout: LONGEST });
}
