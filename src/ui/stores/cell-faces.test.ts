import { expect, it } from 'vitest';
import type { Operation } from '../../notebook/session-types.ts';
import { id, session } from '../../notebook/session-history.ts';
import { apply } from '../../notebook/session.ts';
import { facesOf } from './cell-faces.ts';
import { createNotebookStore, viewOf } from './notebook-store.ts';

/** A notebook of cells a, b, c, with somebody who shows each of them. */
function setUp() {
  let data = session('a', 'b', 'c');
  const store = createNotebookStore(data);
  const faces = facesOf(store);
  const heard: string[] = [];
  for (const name of ['a', 'b', 'c']) faces.subscribe(id(name), () => heard.push(name));
  const dispatch = (operation: Operation): void => {
    data = apply(data, operation).type === 'applied' ? applied(operation) : data;
    store.setState(viewOf(data, store.getState()));
  };
  const applied = (operation: Operation) => {
    const result = apply(data, operation);
    return result.type === 'applied' ? result.data : data;
  };
  const take = () => heard.splice(0).join(' ');
  return { faces, store, dispatch, take };
}

it('typing in a cell is heard by that cell alone; the others keep their faces', () => {
  const { faces, dispatch, take } = setUp();
  const [a, b] = [faces.of(id('a')), faces.of(id('b'))];
  dispatch({ type: 'set-source', id: id('b'), source: 'typed' });
  expect(take()).toBe('b');
  expect(faces.of(id('a'))).toBe(a);
  expect(faces.of(id('b'))).not.toBe(b);
  expect(faces.of(id('b'))?.cell.source).toBe('typed');
});

it('what is no change of the notebook is heard by none', () => {
  const { store, take } = setUp();
  store.setState({ saved: { status: 'pending' } });
  expect(take()).toBe('');
});

it('selecting is heard by those that are selected and were', () => {
  const { faces, dispatch, take } = setUp();
  dispatch({ type: 'select-cell', id: id('b') });
  expect(take()).toBe('a b');
  dispatch({ type: 'select-cells', anchor: id('b'), active: id('c') });
  expect(take()).toBe('b c');
  expect(['a', 'b', 'c'].map((name) => faces.of(id(name))?.inSelection)).toEqual([false, true, true]);
  expect(['a', 'b', 'c'].map((name) => faces.of(id(name))?.selected)).toEqual([false, false, true]);
});

it('a cell that moves has another number; one that is gone has no face', () => {
  const { faces, dispatch, take } = setUp();
  dispatch({ type: 'move-cells', ids: [id('a')], index: 1 });
  expect(take().split(' ')).toEqual(expect.arrayContaining(['a', 'b']));
  expect(faces.of(id('a'))?.number).toBe(2);
  dispatch({ type: 'delete-cells', ids: [id('c')], spareId: id('spare') });
  expect(take()).toContain('c');
  expect(faces.of(id('c'))).toBeUndefined();
});

it('a face is of the newest session for whoever asks first', () => {
  const { faces, store, dispatch } = setUp();
  let seen: string | undefined;
  // Subscribed before the faces are.
  const other = createNotebookStore(store.getState().session);
  other.subscribe(() => (seen = facesOf(other).of(id('a'))?.cell.source));
  facesOf(other);
  dispatch({ type: 'set-source', id: id('a'), source: 'new' });
  other.setState(viewOf(store.getState().session, other.getState()));
  expect(seen).toBe('new');
  expect(faces.of(id('a'))?.cell.source).toBe('new');
});
