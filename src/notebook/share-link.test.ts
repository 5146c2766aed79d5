import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CellId } from '../protocol/ids.ts';
import { fromBase64Url, toBase64Url } from './base64url.ts';
import { notebookJson } from './ipynb.ts';
import {
  decodeLink,
  encodeLink,
  isNotebookLink,
  LinkError,
  linkVerdict,
  MAX_LINK_TEXT,
  type LinkCodec,
} from './share-link.ts';
import { notebook, text } from './session-history.ts';

/** Packs nothing, so that tests can say what is in a link. The platform's codec is tested where it lives. */
const plain: LinkCodec = {
  deflate: (bytes) => Promise.resolve(bytes),
  inflate: (bytes, limit) => Promise.resolve(bytes.length > limit ? null : bytes),
};
const broken: LinkCodec = { ...plain, inflate: () => Promise.reject(new TypeError('bad block')) };

const options = { id: 'new', name: 'Shared', createCellId: () => 'fresh' as CellId };
const linkTo = (content: string) => `#nb=${toBase64Url(new TextEncoder().encode(content))}`;
const faultIn = (link: string, codec = plain) =>
  decodeLink(link, codec, options).then(
    () => 'none',
    (error: unknown) => (error instanceof LinkError ? error.fault : error),
  );

test('a notebook comes out of its link as it went in, without outputs, and as a stranger’s', async () => {
  const [cell, ...others] = notebook('a', 'm:ünïcödé 🎻').cells;
  if (cell === undefined) throw new Error('two cells');
  const document = {
    ...notebook(),
    cells: [
      { ...cell, outputs: [text('secret')], executionCount: 3 },
      ...others.map((o) => ({ ...o, id: 'm' as CellId })),
    ],
  };
  const link = await encodeLink(document, plain);
  expect(link).toMatch(/^#nb=[A-Za-z0-9_-]+$/);
  const shared = await decodeLink(link, plain, options);
  expect(shared).toMatchObject({ id: 'new', name: 'Shared', origin: 'elsewhere' });
  expect(shared.cells).toMatchObject([
    { id: 'a', source: 'a', outputs: [], executionCount: null },
    { id: 'm', kind: 'markdown', source: 'ünïcödé 🎻' },
  ]);
});

test('a link brings the name of its notebook, as nbformat’s title', async () => {
  const link = await encodeLink({ ...notebook('a'), name: 'Prime sieves' }, plain);
  expect(await decodeLink(link, plain, { ...options, name: null })).toMatchObject({ name: 'Prime sieves' });
});

test('outputs go along when they are asked for', async () => {
  const document = notebook('a');
  const cells = document.cells.map((cell) => ({ ...cell, outputs: [text('shown')] }));
  const link = await encodeLink({ ...document, cells }, plain, { outputs: true });
  expect((await decodeLink(link, plain, options)).cells[0]?.outputs).toEqual([text('shown')]);
});

test('a link is known by its key', () => {
  expect(isNotebookLink('#nb=abc')).toBe(true);
  expect(isNotebookLink('nb=abc')).toBe(true);
  expect(isNotebookLink('#section')).toBe(false);
});

test('what is no link, damaged, no notebook or too large is refused with its fault', async () => {
  expect(await faultIn('#section')).toBe('not-a-link');
  expect(await faultIn('#nb=not base64')).toBe('not-base64url');
  expect(await faultIn('#nb=abcde')).toBe('not-base64url');
  expect(await faultIn('#nb=AAAA', broken)).toBe('not-deflate');
  expect(await faultIn('#nb=_____w')).toBe('not-json');
  expect(await faultIn(linkTo('{"nbformat": 4,'))).toBe('not-json');
  expect(await faultIn(linkTo('{"nbformat": 2}'))).toBe('not-a-notebook');
  expect(await faultIn(`#nb=${'A'.repeat(MAX_LINK_TEXT + 1)}`)).toBe('too-large');
});

test('what inflates beyond the limit is refused', async () => {
  const bomb: LinkCodec = {
    ...plain,
    inflate: (_, limit) => Promise.resolve(limit > 0 ? null : new Uint8Array()),
  };
  expect(await faultIn('#nb=AAAA', bomb)).toBe('too-large');
});

test('a notebook of more than two thousand cells is refused', async () => {
  const cells = (n: number) => Array.from({ length: n }, () => ({ cell_type: 'raw', source: '' }));
  let made = 0;
  const createCellId = () => `c${String(++made)}` as CellId;
  const open = (n: number) =>
    decodeLink(linkTo(JSON.stringify({ nbformat: 4, cells: cells(n) })), plain, { ...options, createCellId });
  expect((await open(2000)).cells).toHaveLength(2000);
  await expect(open(2001)).rejects.toThrow('The link is too large to open: it has 2,001 cells.');
});

test('the faults of a notebook in a link are told by place', async () => {
  const json = { ...notebookJson(notebook('a')), cells: [{ cell_type: 'code', source: 1 }] };
  await expect(decodeLink(linkTo(JSON.stringify(json)), plain, options)).rejects.toThrow(
    'The link holds no notebook: cells[0].source must be a string or a list of strings.',
  );
});

test('bytes of any length survive base64url', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const encoded = toBase64Url(bytes);
      expect(encoded).toMatch(/^[A-Za-z0-9_-]*$/);
      expect(fromBase64Url(encoded)).toEqual(bytes);
    }),
  );
  const large = new Uint8Array(200_000).map((_, i) => i % 251);
  expect(fromBase64Url(toBase64Url(large))?.every((byte, i) => byte === large[i])).toBe(true);
});

test('the verdict on a link tells how far it will get', () => {
  expect([1999, 2000, 7999, 8000, 79_999, 80_000].map(linkVerdict)).toEqual([
    'green',
    'amber',
    'amber',
    'red',
    'red',
    'too-long',
  ]);
});
