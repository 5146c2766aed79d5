import { filesIn } from './dropped-files.ts';
import { expect, test } from 'vitest';
import { nameOfCopy } from './notebook-sources.ts';

test('a copy has a name that no notebook has', () => {
  expect(nameOfCopy('Work', [])).toBe('Work copy');
  expect(nameOfCopy('Work', ['Work copy', 'Work copy 2'])).toBe('Work copy 3');
  expect(nameOfCopy('Work copy 3', ['Work copy 3'])).toBe('Work copy');
});

/** A folder as a browser tells of it, `most` children at a time; a text is a file. */
interface Tree {
  readonly [name: string]: Tree | string | Error;
}

function entryOf(name: string, tree: Tree | string | Error): FileSystemEntry {
  if (typeof tree === 'string' || tree instanceof Error) {
    const file = (done: (file: File) => void, fail: (error: Error) => void) => {
      if (tree instanceof Error) fail(tree);
      else done(new File([tree], name));
    };
    return { name, isDirectory: false, file } as unknown as FileSystemEntry;
  }
  const createReader = () => {
    const children = Object.entries(tree).map(([child, each]) => entryOf(child, each));
    return {
      readEntries: (done: (some: readonly FileSystemEntry[]) => void) => {
        done(children.splice(0, 100));
      },
    };
  };
  return { name, isDirectory: true, createReader } as unknown as FileSystemEntry;
}

const many = (count: number): Tree =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${String(i).padStart(4, '0')}.csv`, 'x']));

test.each<[string, readonly (File | FileSystemEntry)[], readonly string[], readonly (string | RegExp)[]]>([
  ['files', [new File(['1'], 'a.csv'), entryOf('.env', 'x')], ['a.csv', '.env'], []],
  [
    'a folder, in order, without what is hidden in it',
    [
      entryOf('data', {
        'b.csv': '1',
        '.DS_Store': '',
        '.git': { HEAD: '' },
        sub: { 'a b.csv': '2' },
        'a.csv': '3',
      }),
    ],
    ['data/a.csv', 'data/b.csv', 'data/sub/a b.csv'],
    [],
  ],
  [
    'an empty folder',
    [entryOf('empty', { '.keep': '' })],
    [],
    ['There are no files in this folder, or only hidden ones.'],
  ],
  ['odd names', [entryOf('d', { 'a\\b\nc.csv': '', '..': '' })], ['d/a/b-c.csv'], []],
  [
    'names that are too long, and what cannot be read',
    [entryOf('d', { ['n'.repeat(300)]: '', 'a.csv': new Error('gone.'), 'b.csv': 'x' })],
    ['d/b.csv'],
    [/^d\/a\.csv could not be taken: gone\. The same with 1 other file\.$/],
  ],
  [
    'more than can be taken',
    [entryOf('d', many(1500))],
    Object.keys(many(1000)).map((name) => `d/${name}`),
    ['The first 1,000 files of the folder were taken: no more are at a time.'],
  ],
])('dropped: %s', async (_what, entries, names, notes) => {
  const dropped = await filesIn(entries);
  expect(dropped.files.map(({ name }) => name)).toEqual(names);
  expect(dropped.notes).toHaveLength(notes.length);
  for (const [i, note] of notes.entries()) expect(dropped.notes[i]).toMatch(note);
});
