import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CellId } from '../../protocol/ids.ts';
import { newCell, newDocument } from '../../notebook/cells.ts';
import type { Cell, NotebookDocument } from '../../notebook/document.ts';
import { createDocumentWriter } from '../storage/document-writer.ts';
import type { NotebookStore } from '../storage/notebook-store.ts';
import { failed } from '../storage/storage-failure.ts';
import type { StorageResult } from '../storage/storage-types.ts';
import { planSave, type SavePlan } from '../storage/stored-record.ts';
import { createEditJournal, type EditJournal } from './edit-journal.ts';
import type { KeyValues } from './key-values.ts';

/**
 * A browser whose pages can be killed at any moment: a save is begun, is on disk, and is heard of, at three moments,
 * and between any two of them the page may end.
 */
class Browser {
  readonly disk = new Map<string, SavePlan>();
  readonly texts = new Map<string, string>();
  readonly alive = new Set<string>();
  room = Infinity;
  now = 1_000_000;
  #tabs = 0;

  readonly #values: KeyValues = {
    keys: () => [...this.texts.keys()],
    get: (key) => this.texts.get(key) ?? null,
    set: (key, text) => {
      if (text.length > this.room) return false;
      this.texts.set(key, text);
      return true;
    },
    remove: (key) => {
      this.texts.delete(key);
    },
  };

  page(former: string | null = null): Page {
    const id = `tab-${String(this.#tabs++)}`;
    this.alive.add(id);
    return new Page(this, this.#values, id, former);
  }

  onDisk(id: string) {
    const plan = this.disk.get(id);
    if (plan === undefined) return null;
    const { revision, by } = plan.summary;
    // What the database gives back is a copy.
    const document = structuredClone(plan.record.document);
    return { document, revision, ...(by && { by }) };
  }
}

class Page {
  readonly id: string;
  readonly journal: EditJournal;
  readonly #browser: Browser;
  readonly #writer: ReturnType<typeof createDocumentWriter>;
  /** What may happen next to the save that is on. */
  #next: (() => Promise<void>) | null = null;
  document!: NotebookDocument;
  waiting: (() => void)[] = [];

  constructor(browser: Browser, store: KeyValues, id: string, former: string | null) {
    this.id = id;
    this.#browser = browser;
    const timers = {
      after: (delay: number, callback: () => void) => {
        // The wait for a page that may be going; the other timers run when the test says so.
        if (delay > 0.2) callback();
        else this.waiting.push(callback);
        return () => {
          this.waiting = this.waiting.filter((each) => each !== callback);
        };
      },
    };
    const life = { id, former, alive: () => Promise.resolve(new Set(browser.alive)) };
    this.journal = createEditJournal({ store, life, timers });
    this.#writer = createDocumentWriter({
      store: { save: (...given) => this.#save(...given) },
      journal: this.journal,
      clock: { now: () => browser.now },
    });
  }

  async open(id: string): Promise<void> {
    const disk = this.#browser.onDisk(id);
    const { document, revision } = (await this.journal.restore(id, disk)) ?? disk ?? blank(id);
    this.#writer.loaded(id, revision);
    this.document = document;
    this.journal.opened(document);
  }

  edit(change: (document: NotebookDocument) => NotebookDocument): void {
    this.document = change(this.document);
    this.journal.edited(this.document);
  }

  /** One step of a save: it is begun, the disk has it, the page hears of it. */
  async step(): Promise<void> {
    if (this.#next !== null) {
      await this.#next();
      return;
    }
    const saving = this.#writer.save(this.document);
    this.#afterwards = saving.then(() => undefined);
    await Promise.resolve();
  }

  #afterwards: Promise<void> = Promise.resolve();

  async saved(): Promise<void> {
    do await this.step();
    while (this.#next !== null);
  }

  kill(): void {
    this.#browser.alive.delete(this.id);
    this.#next = null;
  }

  #save(...[document, how]: Parameters<NotebookStore['save']>): Promise<StorageResult<number>> {
    return new Promise((resolve) => {
      this.#next = () => {
        const found = this.#browser.disk.get(document.id)?.summary;
        const plan = planSave(document, { found, ...how });
        if (plan.ok) this.#browser.disk.set(document.id, plan.value);
        this.#next = async () => {
          this.#next = null;
          resolve(plan.ok ? { ok: true, value: plan.value.summary.revision } : failed('conflict'));
          await this.#afterwards;
        };
        return Promise.resolve();
      };
    });
  }
}

function blank(id: string): { document: NotebookDocument; revision: number } {
  return { document: newDocument({ id, name: 'N', cellId: 'c0' as CellId }), revision: 0 };
}

const content = ({ name, cells }: NotebookDocument) => [
  name,
  ...cells.map(({ id, kind, source, metadata }) => [id, kind, source, metadata]),
];

// EDITS

/** A cell, and what becomes of it: a word for what is done, else its text. */
type Edit = readonly [n: number, what: string];

const at = (cells: readonly Cell[], n: number): number => n % cells.length;
let made = 0;

const edits: fc.Arbitrary<Edit> = fc.oneof(
  { arbitrary: fc.tuple(fc.nat(9), fc.constantFrom('a', 'b', 'a longer text\n2', '')), weight: 6 },
  {
    arbitrary: fc.tuple(fc.nat(9), fc.constantFrom('insert', 'delete', 'move', 'rename', 'kind', 'meta')),
    weight: 4,
  },
);

function edited(document: NotebookDocument, [n, what]: Edit): NotebookDocument {
  const { cells } = document;
  const index = at(cells, n);
  const change = (to: (cell: Cell) => Cell) => ({
    ...document,
    cells: cells.map((cell, i) => (i === index ? to(cell) : cell)),
  });
  switch (what) {
    case 'insert': {
      const cell = newCell(`n${String(made++)}` as CellId, 'code', '');
      return { ...document, cells: cells.toSpliced(index, 0, cell) };
    }
    case 'delete':
      return cells.length === 1 ? document : { ...document, cells: cells.toSpliced(index, 1) };
    case 'move': {
      const moved = cells[index];
      return moved ? { ...document, cells: [...cells.toSpliced(index, 1), moved] } : document;
    }
    case 'rename':
      return { ...document, name: `N${String(n)}` };
    case 'kind':
      return change((cell) => ({ ...cell, kind: cell.kind === 'code' ? 'markdown' : 'code' }));
    case 'meta':
      return change((cell) => ({ ...cell, metadata: { n } }));
    default:
      return change((cell) => ({ ...cell, source: what }));
  }
}

/** The same, but no text of it is any other tab's. */
function besides([n, what]: Edit): Edit {
  return /^(a|b)/.test(what) ? [n, `${what} of the second`] : [n, what];
}

type Step = Edit | 'save' | 'kill' | 'clock-back';
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { arbitrary: edits, weight: 6 },
    { arbitrary: fc.constant<Step>('save'), weight: 5 },
    { arbitrary: fc.constant<Step>('kill'), weight: 2 },
    { arbitrary: fc.constant<Step>('clock-back'), weight: 1 },
  ),
  { minLength: 1, maxLength: 40 },
);

describe('a page that is killed at any moment', () => {
  test('the next one has the notebook as it was, to the letter', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.boolean(), async (list, isReload) => {
        const browser = new Browser();
        let page = browser.page();
        await page.open('d');
        for (const step of [...list, 'kill' as const]) {
          if (step === 'save') await page.step();
          else if (step === 'clock-back') browser.now -= 86_400_000;
          else if (step === 'kill') {
            const before = page;
            page.kill();
            page = browser.page(isReload ? before.id : null);
            await page.open('d');
            expect(content(page.document)).toEqual(content(before.document));
          } else page.edit((document) => edited(document, step));
        }
        await page.saved();
        expect(browser.texts.size, 'nothing stays behind a save').toBe(0);
      }),
      { numRuns: 400 },
    );
  });

  test('without room for its journal it says so, and never brings back what is no more', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(600), async (list, room) => {
        const browser = new Browser();
        browser.room = room;
        let page = browser.page();
        await page.open('d');
        let lastSafe = page.document;
        for (const step of [...list, 'kill' as const]) {
          if (step === 'save') {
            await page.saved();
            lastSafe = page.document;
          } else if (step === 'kill') {
            page.kill();
            page = browser.page();
            await page.open('d');
            expect(content(page.document)).toEqual(content(lastSafe));
            lastSafe = page.document;
          } else if (step !== 'clock-back') {
            page.edit((document) => edited(document, step));
            if (page.journal.flush()) lastSafe = page.document;
            else {
              await page.saved();
              lastSafe = page.document;
            }
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test('of two tabs with the same notebook nothing that either had is lost', async () => {
    type Two = readonly [boolean, Step];
    const both: fc.Arbitrary<readonly Two[]> = fc.array(
      fc.tuple(
        fc.boolean(),
        fc.oneof({ arbitrary: edits, weight: 5 }, { arbitrary: fc.constant<Step>('save'), weight: 4 }),
      ),
      { maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(both, async (list) => {
        const browser = new Browser();
        const holder = browser.page();
        await holder.open('d');
        await holder.saved();
        const second = browser.page();
        await second.open('d');
        second.journal.claimed(false);
        for (const [isHolder, step] of list) {
          // The second saves nothing: the notebook is not its own.
          if (step === 'save') {
            if (isHolder) await holder.step();
          } else if (typeof step !== 'string') {
            const own = isHolder ? step : besides(step);
            (isHolder ? holder : second).edit((document) => edited(document, own));
          }
        }
        holder.kill();
        second.kill();
        const saved = browser.onDisk('d') ?? blank('d');
        const next = browser.page();
        await next.open('d');
        // All that the holder did not save goes first; where there is nothing, the second may have the word.
        const isHolders =
          JSON.stringify(content(holder.document)) !== JSON.stringify(content(saved.document));
        if (isHolders) expect(content(next.document)).toEqual(content(holder.document));
        // What the second had typed is in its entry, if it is not here; the page keeps it as a notebook of its own.
        await next.saved();
        const { others } = await browser.page().journal.othersOf('d', browser.onDisk('d'));
        const apart = others.flatMap(({ cells }) => cells.map(({ source }) => source));
        const kept = new Set(['', ...apart, ...next.document.cells.map(({ source }) => source)]);
        for (const page of [holder, second]) {
          for (const { source } of page.document.cells) expect(kept).toContain(source);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('what a page that is alive has', () => {
  test('is not taken by another one, and a reload takes its own whatever others have saved', async () => {
    const browser = new Browser();
    const one = browser.page();
    await one.open('d');
    one.edit((document) => ({ ...document, name: 'of one' }));
    await one.saved();
    const two = browser.page();
    await two.open('d');
    two.journal.claimed(false);
    two.edit((document) => ({ ...document, name: 'of two' }));
    one.edit((document) => ({ ...document, name: 'of one, later' }));
    await one.saved();
    const third = browser.page();
    await third.open('d');
    expect(third.document.name).toBe('of one, later');
    two.kill();
    const again = browser.page(two.id);
    await again.open('d');
    expect(again.document.name).toBe('of two');
    // On top of the version that it had seen: the save is a conflict, which the reader decides.
    await again.saved();
    expect(browser.onDisk('d')?.document.name).toBe('of one, later');
  });

  test('a notebook that is deleted does not come back', async () => {
    const browser = new Browser();
    const page = browser.page();
    await page.open('d');
    await page.saved();
    page.edit((document) => ({ ...document, name: 'edited' }));
    page.journal.forget('d');
    browser.disk.delete('d');
    page.kill();
    expect(await browser.page().journal.restore('d', null)).toBeNull();
    expect(browser.texts.size).toBe(0);
  });
});

describe('long notebooks', () => {
  const long = 'x'.repeat(40_000);
  const typed = (page: Page, source: string): void => {
    page.edit((document) => ({ ...document, cells: document.cells.map((cell) => ({ ...cell, source })) }));
  };

  test('are written a moment later, and at once when the page is hidden', async () => {
    const browser = new Browser();
    const page = browser.page();
    await page.open('d');
    typed(page, long);
    const before = [...browser.texts.values()];
    typed(page, `${long}y`);
    expect([...browser.texts.values()]).toEqual(before);
    expect(page.waiting).toHaveLength(1);
    expect(page.journal.flush()).toBe(true);
    expect([...browser.texts.values()].join('')).toContain('xy');
    expect(page.waiting).toHaveLength(0);
  });

  test('what is too long is not held, which is said', async () => {
    const browser = new Browser();
    const page = browser.page();
    await page.open('d');
    typed(page, 'x'.repeat(1_100_000));
    expect(page.journal.flush()).toBe(false);
    expect(browser.texts.size).toBe(0);
    await page.saved();
    expect(page.journal.flush()).toBe(true);
  });
});

test('a cell that was running is cut off, with or without a save since', async () => {
  const browser = new Browser();
  const page = browser.page();
  await page.open('d');
  await page.saved();
  const run = { status: 'running', runId: 'r', startedAt: 1 } as Cell['run'];
  page.edit((document) => ({ ...document, cells: document.cells.map((cell) => ({ ...cell, run })) }));
  page.kill();
  const second = browser.page();
  await second.open('d');
  expect(second.document.cells[0]?.run).toEqual({ status: 'cut-off' });
  await second.saved();
  second.kill();
  const third = browser.page();
  await third.open('d');
  expect(third.document.cells[0]?.run).toEqual({ status: 'cut-off' });
});
