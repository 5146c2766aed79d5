/**
 * Writes docs/CONFORMANCE.md: every behaviour of docs/behaviours.txt, its state and the tests that show it.
 * A test shows a behaviour when its title begins with the number: `B.68 B.69 …`.
 *
 * `node scripts/conformance.mjs` runs the unit tests first; `node scripts/conformance.mjs report.json` reads
 * what `vitest run --reporter=json` has written.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
export const TARGET = new URL('../docs/CONFORMANCE.md', import.meta.url);
const LIST = new URL('../docs/behaviours.txt', import.meta.url);
/** Milliseconds. */
const LONGEST_RUN = 15 * 60_000;
const STATES = ['not applicable', 'later'];

/**
 * @typedef {{ section: string, number: string, feature: string, state: string | null, reason: string }} Behaviour
 * @typedef {{ number: string, title: string, file: string }} Shown one number of one test's title
 */

/** @returns {Behaviour[]} */
export function readBehaviours(text = readFileSync(LIST, 'utf8')) {
  let section = '';
  return text.split('\n').flatMap((line) => {
    if (line.startsWith('## ')) section = line.slice(3);
    if (line.startsWith('#') || line.trim() === '') return [];
    const [number = '', feature = '', note = ''] = line.split(' | ');
    const [state = '', reason = ''] = note.split(/: (.*)/s);
    if (!/^[A-Z]\.\d+$/.test(number) || !feature || (note && !STATES.includes(state))) {
      throw new Error(`docs/behaviours.txt has a line that says nothing: ${line}`);
    }
    return [{ section, number, feature, state: note ? state : null, reason }];
  });
}

/** @returns {Shown[]} from the tests' texts, without running them */
export function scanTitles() {
  return testFiles().flatMap((file) => {
    const titles = readFileSync(join(ROOT, file), 'utf8').matchAll(
      /\(\s*(['"`])([A-Z]\.\d+ (?:\\.|(?!\1).)*)\1,/g,
    );
    return [...titles].flatMap(([, , title]) => shownBy(title.replace(/\\(.)/g, '$1'), file));
  });
}

/** @returns {Shown[]} */
export function shownBy(title, file) {
  const head = /^(?:[A-Z]\.\d+ )+/.exec(title)?.[0] ?? '';
  const words = title.slice(head.length);
  return head.split(' ').flatMap((number) => (number ? [{ number, title: words, file }] : []));
}

function testFiles() {
  return readdirSync(join(ROOT, 'src'), { recursive: true })
    .filter((file) => /\.test\.tsx?$/.test(file))
    .map((file) => `src/${file.replaceAll('\\', '/')}`)
    .sort();
}

/**
 * @param {Behaviour[]} behaviours
 * @param {Shown[]} shown
 * @param {ReadonlySet<string>} failed `file: number`
 * @returns {string} docs/CONFORMANCE.md
 */
export function conformance(behaviours, shown, failed = new Set()) {
  const sections = groupBy(behaviours, ({ section }) => section);
  const tables = [...sections].map(([section, list]) => {
    const rows = list.map((behaviour) => row(behaviour, shown, failed));
    return [`## ${section}`, '', '| | feature | state | test or reason |', '|---|---|---|---|', ...rows].join(
      '\n',
    );
  });
  return `${[HEAD, '<!-- prettier-ignore-start -->', ...tables, '<!-- prettier-ignore-end -->'].join('\n\n')}\n`;
}

const HEAD = `# Conformance

How Tutti keeps what IPython.parallel does, by the numbers of [behaviours.txt](behaviours.txt). Written by
\`node scripts/conformance.mjs\` from a run of the unit tests; a test fails when it is out of date.`;

function row({ number, feature, state, reason }, shown, failed) {
  const tests = shown.filter((one) => one.number === number);
  const files = groupBy(tests, ({ file }) => file);
  const links = [...files].map(([file, ones]) => {
    const titles = [...new Set(ones.map(({ title }) => title))].join('; ');
    return `${titles} ([${file.split('/').at(-1)}](../${file}))`;
  });
  const proof = [reason, ...links].filter(Boolean).join(' · ').replaceAll('|', '\\|');
  return `| ${number} | ${feature} | ${state ?? stateOf(number, tests, failed)} | ${proof} |`;
}

/** @template T @param {readonly T[]} list @param {(item: T) => string} keyOf @returns {Map<string, T[]>} */
function groupBy(list, keyOf) {
  const groups = new Map();
  for (const item of list) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function stateOf(number, tests, failed) {
  if (tests.length === 0) return '**no test**';
  return tests.some(({ file }) => failed.has(`${file}: ${number}`)) ? '**fails**' : 'passes';
}

/** Numbers without a test and without a reason. */
export function missing(behaviours, shown) {
  const numbers = new Set(shown.map(({ number }) => number));
  return behaviours
    .filter(({ number, state }) => state === null && !numbers.has(number))
    .map((one) => one.number);
}

/** `file: number` of every test that did not pass. */
function failures(report) {
  return new Set(
    report.testResults.flatMap(({ name, assertionResults }) => {
      const file = relative(ROOT, name).replaceAll('\\', '/');
      const bad = assertionResults.filter(({ status }) => status !== 'passed');
      return bad.flatMap(({ title }) => shownBy(title, file).map(({ number }) => `${file}: ${number}`));
    }),
  );
}

function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  const file = join(folder, 'report.json');
  spawnSync('npx', ['vitest', 'run', '--reporter=json', `--outputFile=${file}`], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
    timeout: LONGEST_RUN,
  });
  if (!existsSync(file))
    throw new Error('The unit tests did not come to an end: npm run test:unit says more.');
  const report = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(folder, { recursive: true });
  return report;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , given] = process.argv;
  const failed = failures(given ? JSON.parse(readFileSync(given, 'utf8')) : runTests());
  const [behaviours, shown] = [readBehaviours(), scanTitles()];
  writeFileSync(TARGET, conformance(behaviours, shown, failed));
  const without = missing(behaviours, shown);
  console.log(`docs/CONFORMANCE.md: ${behaviours.length} behaviours`);
  if (without.length > 0) console.log(`without a test: ${without.join(', ')}`);
  if (failed.size > 0) console.log(`failing:\n${[...failed].join('\n')}`);
  process.exit(without.length + failed.size === 0 ? 0 : 1);
}
