import { expect, test } from 'vitest';
import { newCell } from './cells.ts';
import type { Cell } from './document.ts';
import { id } from './session-history.ts';
import { NO_RUNS, outdatedCells, recorded, type RunBook } from './upstream.ts';

/** Cells of one statement, `x = a + b`: the names behind `=` are used, the one before it is given. */
class Notebook {
  cells: Cell[] = [];
  book: RunBook = NO_RUNS;

  constructor(sources: Readonly<Record<string, string>>) {
    this.cells = Object.entries(sources).map(([name, source]) => newCell(id(name), 'code', source));
  }

  run(...names: readonly string[]): this {
    for (const name of names) {
      const source = this.cells.find((cell) => cell.id === name)?.source ?? '';
      const [given = '', used = ''] = source.includes('=') ? source.split('=') : ['', source];
      const uses = used.match(/[a-z]\w*/g) ?? [];
      const gives = given.match(/[a-z]\w*/g) ?? [];
      this.book = recorded(this.book, id(name), source, {
        gives: gives.map((each) => `kernel ${each}`),
        uses: uses.map((each) => `kernel ${each}`),
      });
    }
    return this;
  }

  edit(name: string, source: string): this {
    this.cells = this.cells.map((cell) => (cell.id === name ? { ...cell, source } : cell));
    return this;
  }

  get outdated(): readonly string[] {
    return [...outdatedCells(this.book, this.cells)].map(
      ([cell, { names, cell: by, how }]) => `${cell}: ${names.join(', ')} of ${by} ${how}`,
    );
  }
}

const chain = () => new Notebook({ A: 'a = 1', B: 'b = a', C: 'b', D: '5' }).run('A', 'B', 'C', 'D');

test('what ran in order is up to date, and so is what ran again as it was', () => {
  expect(chain().outdated).toEqual([]);
  expect(chain().run('A').outdated).toEqual([]);
  expect(chain().run('A', 'B').outdated).toEqual([]);
});

test('a cell that was edited makes those outdated that use its names, one after the other', () => {
  expect(chain().edit('A', 'a = 2').outdated).toEqual(['B: a of A edited', 'C: b of B outdated']);
  expect(chain().edit('A', 'a = 2').edit('A', 'a = 1').outdated).toEqual([]);
});

test('run again with another text, it has changed; the next run of the others makes them good again', () => {
  const after = chain().edit('A', 'a = 2').run('A');
  expect(after.outdated).toEqual(['B: a of A changed', 'C: b of B outdated']);
  expect(after.run('B').outdated).toEqual(['C: b of B changed']);
  expect(after.run('C').outdated).toEqual([]);
});

test('a cell that ran again as it was, on other values, has changed too', () => {
  expect(chain().edit('A', 'a = 2').run('A', 'B').outdated).toEqual(['C: b of B changed']);
});

test('what another cell below gives the same name does not matter to those above it', () => {
  const twice = new Notebook({ A: 'x = 1', B: 'x', C: 'x = 2', D: 'x' }).run('A', 'B', 'C', 'D');
  expect(twice.outdated).toEqual([]);
  expect(twice.edit('C', 'x = 3').outdated).toEqual(['D: x of C edited']);
  expect(twice.run('C').outdated).toEqual(['D: x of C changed']);
});

test('what gives the name anew between the two cells counts, once it has run', () => {
  const notebook = new Notebook({ A: 'x = 1', B: 'y = 1', C: 'x' }).run('A', 'B', 'C').edit('B', 'x = 9');
  expect(notebook.outdated).toEqual([]);
  expect(notebook.run('B').outdated).toEqual(['C: x of B changed']);
});

test('a name from below is followed to where it came from', () => {
  const notebook = new Notebook({ A: 'x', B: 'x = 1' }).run('B', 'A');
  expect(notebook.outdated).toEqual([]);
  expect(notebook.edit('B', 'x = 2').run('B').outdated).toEqual(['A: x of B changed']);
});

test('x = x + 1 is another value each time, and does not make its own cell outdated', () => {
  const notebook = new Notebook({ A: 'x = 1', B: 'x = x', C: 'x' }).run('A', 'B', 'C');
  expect(notebook.outdated).toEqual([]);
  expect(notebook.run('B').outdated).toEqual(['C: x of B changed']);
});

test('names of one cell are told together; a change is told before an edit', () => {
  const notebook = new Notebook({ A: 'p q = 1', B: 'r = 1', C: 'p + q + r' }).run('A', 'B', 'C');
  expect(notebook.edit('A', 'p q = 2').outdated).toEqual(['C: p, q of A edited']);
  expect(notebook.edit('B', 'r = 2').run('B').outdated).toEqual(['C: r of B changed']);
});

test('an edited cell and one at work are not marked; a deleted cell marks nothing', () => {
  const notebook = chain().edit('A', 'a = 2').run('A').edit('B', 'b = a + a');
  expect(notebook.outdated).toEqual(['C: b of B edited']);
  const gone = chain().edit('A', 'a = 2');
  gone.cells = gone.cells.filter((cell) => cell.id !== 'A');
  expect(gone.outdated).toEqual([]);
});

test('realms do not mix', () => {
  let book = recorded(NO_RUNS, id('A'), 'let a = 1', { gives: ['kernel a'], uses: [] });
  book = recorded(book, id('B'), '%px a', { gives: [], uses: ['engines a'] });
  book = recorded(book, id('A'), 'let a = 2', { gives: ['kernel a'], uses: [] });
  const cells = [newCell(id('A'), 'code', 'let a = 2'), newCell(id('B'), 'code', '%px a')];
  expect(outdatedCells(book, cells).size).toBe(0);
});
