// `npm run walls [-- NAME …]`: takes the walls of docs/SECURITY.md away, one at a time, in a copy of the committed tree,
// and shows that each was needed: the story that it stops gets through. A story that still passes without its wall fails
// this, since then nothing tests the wall. Prints the table.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `find` is replaced in `file`; then `story` (of `spec`) must fail. */
const WALLS = [
  {
    wall: 'Consent',
    file: 'src/notebook/run-operations.ts',
    find: /needsConsent\(data\)/g,
    put: 'false',
    spec: 'sandbox',
    story: 'opening a link runs nothing until',
  },
  {
    wall: 'The opaque origin',
    file: 'src/app/frame-maker.ts',
    find: "'allow-scripts'",
    put: "'allow-scripts allow-same-origin'",
    spec: 'sandbox',
    story: 'neither the kernel nor an engine reaches storage',
  },
  {
    wall: 'The frame’s policy',
    file: 'src/app/frame-maker.ts',
    find: "connect-src 'none'",
    put: 'connect-src * blob: data:',
    spec: 'hostile',
    story: 'storage, pages, network and devices',
  },
  {
    wall: 'No text runs in the frame’s window: the lock',
    file: 'src/frame.ts',
    find: '\nlockWindow();',
    put: '',
    spec: 'sandbox',
    story: 'the window of the frame runs no text',
  },
  {
    wall: 'No text runs in the frame’s window: its powers',
    file: 'src/frame.ts',
    find: '\ndisarmWindow();',
    put: '',
    spec: 'sandbox',
    story: 'the window of the frame has no way out',
  },
  {
    wall: 'A runtime for each notebook',
    file: 'src/app/runtime-frame.ts',
    find: 'frame.remove();',
    put: '',
    spec: 'sandbox',
    story: 'another notebook has a runtime of its own',
  },
  {
    wall: 'The frame is believed nothing: bounds of events',
    file: 'src/app/event-bounds.ts',
    find: 'const most = work.count + bounds.count;',
    put: 'if (work) return true; const most = 0;',
    unit: 'src/app/runtime-events',
    story: 'events of the frame beyond their bounds',
  },
  {
    wall: 'The page’s own policy',
    file: 'src/app/runtime-frame.ts',
    find: "script-src 'self';",
    put: "script-src 'self' 'unsafe-inline' 'unsafe-eval';",
    spec: 'sandbox',
    story: 'the page itself cannot eval',
  },
  {
    wall: 'The sanitiser',
    file: 'src/ui/output/sanitize.ts',
    find: 'purifier.sanitize(shown, CONFIGS[place]) as unknown as DocumentFragment',
    put: 'document.createRange().createContextualFragment(shown)',
    spec: 'hostile',
    story: 'saved in a file',
  },
  {
    wall: 'Bounds: of markup',
    file: 'src/notebook/markup-scan.ts',
    find: 'const open = new Map<string, number>();\n  let formats',
    put: 'if (bounds) return markup.length;\n  const open = new Map<string, number>();\n  let formats',
    spec: 'hostile',
    story: 'values in values in values',
  },
  {
    wall: 'Bounds: of formulas',
    file: 'src/ui/output/formula-macros.ts',
    find: 'if (this.#left < 0)',
    put: 'if (this.#left === 0.5)',
    unit: 'src/ui/output/formula-macros',
    story: 'macros that come to too much',
  },
  {
    wall: 'The mark of opening',
    file: 'src/app/opening/opening-marks.ts',
    find: 'if (meant.length === 0) return false;',
    put: 'if (meant.length >= 0) return false;',
    spec: 'opening',
    story: 'a notebook that a page died of',
  },
  {
    wall: 'The watch',
    file: 'src/app/frame-watch.ts',
    find: 'after(BETWEEN,',
    put: 'after(1e6,',
    spec: 'sandbox',
    story: 'a frame that does not answer',
  },
  {
    wall: 'The journal of edits',
    file: 'src/app/journal/key-values.ts',
    find: 'kept.setItem(prefix + key, text);',
    put: '',
    spec: 'kills',
    story: 'a page that ends at any moment',
  },
];

const root = fileURLToPath(new URL('..', import.meta.url));
const wanted = process.argv.slice(2);
const chosen = WALLS.filter(({ wall }) => wanted.length === 0 || wanted.some((name) => wall.includes(name)));
const copy = mkdtempSync(join(tmpdir(), 'tutti-walls-'));
const run = (command, args, cwd = copy) =>
  spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...process.env, HOSTILE: 'all' } });

let failed = 0;
try {
  run('git', ['worktree', 'add', '--detach', '--force', copy, 'HEAD'], root);
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const wall of chosen) {
    const { outcome, needed } = without(wall);
    if (!needed) failed++;
    console.log(`| ${wall.wall} | ${wall.story.replaceAll('\\', '')} | ${outcome} |`);
  }
} finally {
  run('git', ['worktree', 'remove', '--force', copy], root);
  rmSync(copy, { recursive: true, force: true });
}
process.exit(failed === 0 ? 0 : 1);

function without({ file, find, put, spec, unit, story }) {
  const path = join(copy, file);
  const before = readFileSync(path, 'utf8');
  const after = before.replaceAll(find, put);
  if (after === before) return { needed: false, outcome: 'the wall is not where it was' };
  writeFileSync(path, after);
  try {
    if (unit) {
      // No cell says such events: whoever has got into the frame's window could.
      const tested = run('npx', ['vitest', 'run', unit]);
      return tested.status === 0
        ? { needed: false, outcome: 'NOTHING GOT THROUGH' }
        : { needed: true, outcome: reasonIn(tested.stdout) };
    }
    const build = run('npx', ['vite', 'build', '--logLevel', 'error', '--outDir', 'dist']);
    if (build.status !== 0) return { needed: false, outcome: 'does not build' };
    const args = [
      'playwright',
      'test',
      `e2e/${spec}.spec.ts`,
      '-g',
      story,
      '--workers',
      '1',
      '--retries',
      '0',
    ];
    const tested = run('npx', args);
    if (/No tests found/.test(tested.stdout + tested.stderr))
      return { needed: false, outcome: 'no such story' };
    if (tested.status === 0) return { needed: false, outcome: 'NOTHING GOT THROUGH' };
    return { needed: true, outcome: reasonIn(tested.stdout) };
  } finally {
    writeFileSync(path, before);
  }
}

/** The first line of the failure. */
function reasonIn(output) {
  const plain = output.replaceAll(/\u001b\[[\d;]*m/g, '');
  const reason =
    /\n\s*((?:Error|AssertionError|Test timeout|TimeoutError)[^\n]*)/.exec(plain)?.[1] ?? 'it fails';
  return `got through: ${reason.slice(0, 120)}`;
}
