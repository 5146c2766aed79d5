/**
 * Makes the bundled notebooks, public/notebooks/*.ipynb, out of notebooks/*.md, which people can read, diff
 * and edit. A fence ```ts is a code cell (```ts tags=a,b gives it tags), the prose between two fences a
 * markdown cell. `template: true` in its head makes it one of which new notebooks are made. What lies in a folder of the notebook's name comes along as files of its workspace. Run it after an edit: `node scripts/build-notebooks.mjs`.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SOURCES = new URL('../notebooks/', import.meta.url);
const TARGETS = new URL('../public/notebooks/', import.meta.url);
/** In the order of the start page. */
const NAMES = [
  'welcome',
  'options-pricing',
  'digits-of-pi',
  'message-passing',
  'load-balancing',
  'load-balancing-blocking',
  'task-graph',
  'walkthrough',
  'walkthrough-blocking',
  'template-parts',
  'template-sweep',
  'template-file',
];

/** @returns {Map<string, string>} file names in public/notebooks and what they should contain */
export function buildNotebooks() {
  const found = readdirSync(SOURCES).filter((file) => file.endsWith('.md'));
  const unlisted = found.filter((file) => !NAMES.includes(file.slice(0, -3)));
  if (unlisted.length > 0) throw new Error(`notebooks/${unlisted.join(', ')} is missing from NAMES`);

  const files = new Map();
  const index = [];
  for (const name of NAMES) {
    const { head, body } = split(readFileSync(new URL(`${name}.md`, SOURCES), 'utf8'), name);
    const file = `${name}.ipynb`;
    files.set(file, json(notebook(name, head, body)));
    const along = filesOf(name);
    for (const each of along)
      files.set(`${name}/${each}`, readFileSync(new URL(`${name}/${each}`, SOURCES), 'utf8'));
    index.push({
      file,
      title: head.title,
      description: head.description,
      engines: head.engines,
      ...(head.template ? { template: true } : {}),
      ...(along.length > 0 ? { files: along } : {}),
    });
  }
  files.set('index.json', json(index));
  return files;
}

/** Names below the folder of a notebook, in order. */
function filesOf(name) {
  const folder = new URL(`${name}/`, SOURCES);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      `${entry.parentPath}/${entry.name}`.slice(fileURLToPath(folder).length).replace(/^\//, ''),
    )
    .sort();
}

function split(text, name) {
  const match = /^---\n(.*?)\n---\n(.*)$/s.exec(text);
  if (!match) throw new Error(`notebooks/${name}.md has no front matter`);
  const fields = Object.fromEntries(match[1].split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)));
  const engines = Number(fields.engines);
  if (!fields.title || !fields.description || !Number.isInteger(engines)) {
    throw new Error(`notebooks/${name}.md needs title, description and engines in its front matter`);
  }
  const { title, description, template } = fields;
  return { head: { title, description, engines, template: template === 'true' }, body: match[2] };
}

function notebook(name, head, body) {
  return {
    cells: cellsOf(body).map((cell, i) => ({ ...cell, id: `${name}-${i + 1}` })),
    metadata: {
      kernelspec: { display_name: 'Tutti (TypeScript)', language: 'typescript', name: 'tutti' },
      language_info: { file_extension: '.ts', mimetype: 'text/x-typescript', name: 'typescript' },
      title: head.title,
      tutti: { engines: head.engines },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

function cellsOf(body) {
  const cells = [];
  let rest = 0;
  for (const fence of body.matchAll(/^```ts(?: tags=(\S+))?\n(.*?)\n```$/gms)) {
    cells.push(...markdown(body.slice(rest, fence.index)));
    const metadata = fence[1] === undefined ? {} : { tags: fence[1].split(',') };
    cells.push({ cell_type: 'code', execution_count: null, metadata, outputs: [], source: lines(fence[2]) });
    rest = fence.index + fence[0].length;
  }
  cells.push(...markdown(body.slice(rest)));
  return cells;
}

function markdown(text) {
  const source = text.trim();
  return source === '' ? [] : [{ cell_type: 'markdown', metadata: {}, source: lines(source) }];
}

/** nbformat's multi-line string: each line keeps its end. */
function lines(text) {
  return text.split(/(?<=\n)/);
}

function json(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, text] of buildNotebooks()) {
    mkdirSync(new URL('.', new URL(file, TARGETS)), { recursive: true });
    writeFileSync(new URL(file, TARGETS), text);
  }
}
