import { deflateRawSync } from 'node:zlib';
import { expect, type Locator, type Page } from '@playwright/test';

/** A notebook as people use it: everything through roles and names, nothing through test ids. */
export class NotebookPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens a notebook made of these code cells through a share link; the reader has not agreed to run it. */
  async openLink(cells: readonly string[], base = './'): Promise<void> {
    await this.page.goto(`${base}#nb=${linkOf(cells)}`);
    await this.opened();
  }

  /** A notebook is in sight: in an open page the start page lay over it, and another one behind that. */
  async opened(): Promise<void> {
    await expect(this.page.getByRole('main', { name: 'All notebooks' })).toBeHidden();
    await expect(this.cell(1)).toBeVisible();
  }

  /** Opens these cells with the reader's consent, which runs them; ready for single runs. */
  async open(cells: readonly string[], base = './'): Promise<void> {
    await this.openLink(cells, base);
    await this.page.getByRole('button', { name: 'Run this notebook' }).click();
    await this.finished();
  }

  /** Opens a notebook that comes with Tutti and runs all of it. `timeout` in milliseconds. */
  async runExample(title: string, timeout = 80_000): Promise<void> {
    const named = { name: new RegExp(`^${title}(?!,)`) };
    await this.page.goto('./#start');
    await this.page.getByRole('button', named).or(this.page.getByRole('link', named)).first().click();
    await this.opened();
    await expect(this.kernel('idle')).toBeVisible();
    await this.button('Run all').click();
    await this.finished(timeout);
  }

  /** What all cells show. */
  async everything(): Promise<string> {
    return (await this.page.getByRole('region', { name: /^Output of cell/ }).allTextContents()).join('\n');
  }

  cell(n: number): Locator {
    return this.page.getByRole('group', { name: `Cell ${n}`, exact: true });
  }

  code(n: number): Locator {
    return this.page.getByRole('textbox', { name: `Code of cell ${n}`, exact: true });
  }

  output(n: number): Locator {
    return this.page.getByRole('region', { name: `Output of cell ${n}`, exact: true });
  }

  /** What is said aloud and not shown. */
  get announced(): Locator {
    return this.page.locator('.visually-hidden[aria-live="polite"]');
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  engine(n: number, state: 'idle' | 'busy' | 'starting' | 'dead'): Locator {
    return this.page
      .getByRole('list', { name: 'Engines' })
      .getByRole('listitem', { name: `Engine ${n}: ${state}`, exact: true });
  }

  /** Puts text in a cell as a person would: click, select all, type. */
  async type(n: number, text: string): Promise<void> {
    await this.cell(n).scrollIntoViewIfNeeded();
    await this.code(n).focus();
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.insertText(text);
  }

  async run(n: number): Promise<void> {
    await this.cell(n).getByRole('button', { name: 'Run cell', exact: true }).click();
  }

  /** Types, runs and waits for the end. */
  async execute(n: number, text: string): Promise<void> {
    await this.type(n, text);
    await this.run(n);
    await this.finished();
  }

  kernel(state: 'idle' | 'busy'): Locator {
    return this.page.getByRole('status', { name: `Kernel: ${state}`, exact: true });
  }

  /** Nothing runs and nothing is queued. */
  async finished(timeout = 60_000): Promise<void> {
    // What has just been asked for shows with the next frame. (A page in the background has none.)
    await this.page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          setTimeout(resolve, 500);
          requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)));
        }),
    );
    await expect(this.page.locator('[data-run="queued"], [data-run="running"]')).toHaveCount(0, { timeout });
    await expect(this.kernel('idle')).toBeVisible({ timeout });
  }

  /** What a cell printed, as text. */
  async text(n: number): Promise<string> {
    return (await this.output(n).textContent()) ?? '';
  }
}

export function linkOf(cells: readonly string[]): string {
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: cells.map((source, i) => ({
      id: `cell-${i + 1}`,
      cell_type: 'code',
      metadata: {},
      source,
      outputs: [],
      execution_count: null,
    })),
  };
  return deflateRawSync(JSON.stringify(notebook)).toString('base64url');
}
