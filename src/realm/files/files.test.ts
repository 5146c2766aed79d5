import { describe, expect, it } from 'vitest';
import type { FileChange, FromFileUser, ToFileUser, WorkspaceFile } from '../../protocol/file-messages.ts';
import { linkPair } from '../../testing/in-process-link.ts';
import { FileBroker } from '../../runtime/file-broker.ts';
import { createFiles } from './files.ts';
import { normalName } from '../../protocol/file-name.ts';
import { filesOver, type FilesHost } from './files-host.ts';

class NotFound extends Error {}

function filesOf(texts: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>) {
  const changes: FileChange[] = [];
  const host: FilesHost = {
    list: () =>
      Object.entries(texts).map(([name, text]) => ({ name, blob: new Blob([text]), modified: 86_400_000 })),
    change: (change) => {
      changes.push(change);
      return Promise.resolve();
    },
    readSync: null,
  };
  return { files: createFiles({ host, notFound: (message) => new NotFound(message) }), changes };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe('files', () => {
  const { files, changes } = filesOf({ 'data/a.csv': 'x,y\n1,2\n', 'b.json': '{"b":[1]}', 'bad.json': '{' });

  it('lists names, bytes and dates; reads text, JSON, bytes and parts', async () => {
    expect(files.list()[0]).toEqual({
      name: 'data/a.csv',
      size: 8,
      type: '',
      modified: new Date(86_400_000),
    });
    expect(await files.text('data/a.csv')).toBe('x,y\n1,2\n');
    expect(await files.json('b.json')).toEqual({ b: [1] });
    expect([...(await files.bytes('b.json'))].length).toBe(9);
    expect(new TextDecoder().decode(await files.slice('data/a.csv', 4, 7))).toBe('1,2');
    expect(new TextDecoder().decode(await files.slice('data/a.csv', -4))).toBe('1,2\n');
    expect(files.has('nope')).toBe(false);
    await expect(files.json('bad.json')).rejects.toThrow('"bad.json" is not JSON: ');
  });

  it('a name that is not there names those that are', async () => {
    expect(() => files.get('c.csv')).toThrow(NotFound);
    await expect(files.text('c.csv')).rejects.toThrow(
      'There is no file "c.csv". There are: data/a.csv, b.json, bad.json.',
    );
    expect(() => files.textSync('b.json')).toThrow('use `await files.text(name)`');
  });

  it('the workspace is the top: ways above it end there', () => {
    expect(['./a', '/a', '../a', '../../x/../a', 'a'].map(normalName)).toEqual(Array(5).fill('a'));
    for (const wrong of ['', '..', 'a\nb', 'x'.repeat(256), 5]) {
      expect(() => normalName(wrong)).toThrow(TypeError);
    }
  });

  it('writes texts, bytes and Blobs, and refuses what has no bytes of its own', async () => {
    const part = new Uint8Array([1, 2, 3, 4]).subarray(1, 3);
    await files.write('./t.txt', 'ä');
    await files.write('n.bin', part);
    await files.write('m.bin', new Blob(['abc']));
    await files.remove('t.txt');
    expect(changes.map(({ type, name }) => `${type} ${name}`)).toEqual([
      'write t.txt',
      'write n.bin',
      'write m.bin',
      'remove t.txt',
    ]);
    const written = changes[1]?.type === 'write' ? await changes[1].blob.arrayBuffer() : null;
    expect([...new Uint8Array(written ?? new ArrayBuffer(0))]).toEqual([2, 3]);
    await expect(files.write('o', { a: 1 } as never)).rejects.toThrow('JSON.stringify');
  });
});

describe('lines', () => {
  const text = 'one\r\ntwo\n\nvier ä€\nfünf';
  const { files } = filesOf({ t: text, empty: '', end: 'a\nb\n' });

  it('are those of the file, without their breaks', async () => {
    expect(await all(files.lines('t'))).toEqual(['one', 'two', '', 'vier ä€', 'fünf']);
    expect(await all(files.lines('empty'))).toEqual([]);
    expect(await all(files.lines('end'))).toEqual(['a', 'b']);
  });

  it('wherever a file is cut, each line is in exactly one part', async () => {
    const size = files.get('t').size;
    for (let a = 0; a <= size; a++) {
      for (let b = a; b <= size; b++) {
        const parts = [files.lines('t', 0, a), files.lines('t', a, b), files.lines('t', b)];
        const lines = (await Promise.all(parts.map(all))).flat();
        expect(lines, `cut at ${a} and ${b}`).toEqual(['one', 'two', '', 'vier ä€', 'fünf']);
      }
    }
  });
});

describe('over a link', () => {
  it('who comes late is told too; a change is seen when it resolves; a refusal is an error', async () => {
    const asked: { n: number; change: FileChange }[] = [];
    const broker = new FileBroker((n, change) => asked.push({ n, change }));
    const join = () => {
      const [ours, theirs] = linkPair<FromFileUser, ToFileUser>();
      broker.attach(ours);
      return filesOver(theirs);
    };
    const file = (name: string): WorkspaceFile => ({ name, blob: new Blob([name]), modified: 0 });
    const [first, leaver] = [join(), join()];
    broker.tell([file('a')]);
    const late = join();
    const written = first.change({ type: 'write', name: 'b', blob: new Blob(['b']) });
    const refused = leaver.change({ type: 'write', name: 'c', blob: new Blob(['c']) });
    await expect.poll(() => asked.length).toBe(2);
    expect(late.list().map(({ name }) => name)).toEqual(['a']);
    broker.tell([file('a'), file('b')]);
    broker.answer(asked[0]!.n, null);
    await written;
    expect(first.list().map(({ name }) => name)).toEqual(['a', 'b']);
    broker.answer(asked[1]!.n, 'the disk is full');
    await expect(refused).rejects.toThrow('the disk is full');
    broker.answer(99, null);
  });
});
