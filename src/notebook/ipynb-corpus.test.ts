import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { NBFORMAT_4_5 } from '../testing/nbformat-schema.ts';
import type { CellId } from '../protocol/ids.ts';
import type { Json, NotebookDocument } from './document.ts';
import { readNotebook, writeNotebook } from './ipynb.ts';
import { NotebookFormatError } from './ipynb-json.ts';
import { breaches } from './nbformat-rules.ts';
import { decodeLink, encodeLink } from './share-link.ts';
import { deflateCodec } from '../app/storage/deflate-codec.ts';

/** Files as the tools of the world write them, whole, odd and broken: they open, are saved, and open again. */

const CORPUS = new URL('./corpus/', import.meta.url);
const whole = readdirSync(CORPUS).filter((name) => name.endsWith('.ipynb'));
const broken = readdirSync(new URL('broken/', CORPUS));
const textOf = (name: string) => readFileSync(new URL(name, CORPUS), 'utf8');

const validate = new Ajv({ strict: false, unicodeRegExp: false, allErrors: true }).compile(NBFORMAT_4_5);

function read(text: string): NotebookDocument {
  let last = 0;
  const createCellId = () => `made-${++last}` as CellId;
  return readNotebook(text, { id: 'nb-1', name: 'n', origin: 'own', createCellId });
}

function expectValid(text: string) {
  const json = JSON.parse(text) as Json;
  validate(json);
  expect(validate.errors ?? []).toEqual([]);
  expect(breaches(json)).toEqual([]);
}

/** Every scalar of a JSON value, lists of strings joined: what must not be lost. */
function atoms(json: Json, found: string[] = []): string[] {
  if (Array.isArray(json) && json.length > 0 && json.every((item) => typeof item === 'string')) {
    found.push(json.join(''));
  } else if (typeof json === 'object' && json !== null) {
    for (const [key, value] of Object.entries(json)) {
      if (!Array.isArray(json)) found.push(key);
      atoms(value, found);
    }
  } else found.push(String(json));
  return found;
}

describe('the corpus', () => {
  test('is there', () => {
    expect(whole.length).toBeGreaterThanOrEqual(15);
    expect(broken.length).toBeGreaterThanOrEqual(10);
  });

  test.each(whole)('%s opens, is saved as valid nbformat 4.5, and opens again the same', (name) => {
    const opened = read(textOf(name));
    const saved = writeNotebook(opened);
    expectValid(saved);
    const again = read(saved);
    expect({ ...again, metadata: {} }).toEqual({ ...opened, metadata: {} });
    expect(again.metadata).toMatchObject(opened.metadata);
    expect(writeNotebook(again)).toBe(saved);
  });

  test.each(whole.filter((name) => !name.startsWith('v3')))(
    '%s: every key and value is in the saved file',
    (name) => {
      const original = JSON.parse(textOf(name).replace(/^\uFEFF/, '')) as Json;
      const saved = atoms(JSON.parse(writeNotebook(read(textOf(name)))) as Json);
      const isIdProblem = name === 'repeated-and-missing-ids.ipynb';
      for (const atom of atoms(original)) {
        if (isIdProblem && /id/.test(atom)) continue;
        // nbformat_minor becomes 5, an empty text a list without lines.
        if (/^[0-8]?$/.test(atom)) continue;
        expect(saved, atom).toContain(atom);
      }
    },
  );

  test.each(whole)('%s: a link brings what the file has, and what comes out is valid', async (name) => {
    const opened = read(textOf(name));
    const hash = await encodeLink(opened, deflateCodec, { outputs: true });
    const linked = await decodeLink(hash, deflateCodec, {
      id: 'nb-1',
      name: 'n',
      createCellId: () => 'x' as CellId,
    });
    expect(linked.cells.map(({ source, kind }) => [kind, source])).toEqual(
      opened.cells.map(({ source, kind }) => [kind, source]),
    );
    expectValid(writeNotebook(linked));
  });

  test.each(broken)('%s is refused whole, with a sentence that says where and what', (name) => {
    const open = () => read(textOf(`broken/${name}`));
    expect(open).toThrow(NotebookFormatError);
    expect(open).toThrow(/^(The file is|The notebook must|nbformat|cells)/);
  });
});

describe('sizes', () => {
  test('an output of 8 MB, 2,000 cells and a line of 1 MB go through', () => {
    const huge = 'x'.repeat(8 << 20);
    const file = {
      nbformat: 4,
      nbformat_minor: 4,
      metadata: {},
      cells: Array.from({ length: 2000 }, (_, i) => ({
        cell_type: 'code',
        execution_count: i,
        metadata: {},
        source: i === 1 ? 'y'.repeat(1 << 20) : `${i}`,
        outputs: i === 0 ? [{ output_type: 'stream', name: 'stdout', text: huge }] : [],
      })),
    };
    const opened = read(JSON.stringify(file));
    const saved = writeNotebook(opened);
    expectValid(saved);
    expect(read(saved)).toEqual({ ...opened, metadata: expect.anything() as unknown });
    expect(opened.cells[0]?.outputs[0]).toMatchObject({ type: 'stream', text: huge });
  });
});
