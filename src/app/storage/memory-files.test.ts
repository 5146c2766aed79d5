import { expect, test } from 'vitest';
import type { FileStore } from './file-store.ts';
import { orInMemory } from './memory-files.ts';

/** A store that fails at everything. */
function failing(name: string): FileStore {
  const fail = () => Promise.reject(new DOMException('no', name));
  return { list: fail, put: fail, remove: fail, clear: fail };
}
const file = (name: string) => ({ name, blob: new Blob([name]), modified: 1 });
const names = async (store: FileStore, notebook: string) =>
  (await store.list(notebook)).map(({ name }) => name);

test('where storage is refused, files are there for the visit, and the reader is told once', async () => {
  let told = 0;
  const store = orInMemory(failing('SecurityError'), () => told++);
  expect(await names(store, 'n')).toEqual([]);
  expect(told).toBe(0);
  await store.put('n', file('b'));
  await store.put('n', file('a'));
  await store.put('other', file('c'));
  expect(told).toBe(1);
  expect(await names(store, 'n')).toEqual(['a', 'b']);
  await store.remove('n', 'a');
  expect(await names(store, 'n')).toEqual(['b']);
  await store.clear('n');
  expect([await names(store, 'n'), await names(store, 'other')]).toEqual([[], ['c']]);
});

test('a full storage stays a failure', async () => {
  const store = orInMemory(failing('QuotaExceededError'), () => undefined);
  await expect(store.put('n', file('a'))).rejects.toMatchObject({ name: 'QuotaExceededError' });
});
