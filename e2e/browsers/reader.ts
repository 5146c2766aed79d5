import { expect } from '@playwright/test';
import { linkOf } from '../notebook-page.ts';
import type { Driver } from './driver.ts';

interface Place {
  readonly x: number;
  readonly y: number;
}

/** What a person does with a notebook, in whichever browser: by roles and names. */
export class Reader {
  readonly driver: Driver;
  readonly #base: string;

  constructor(driver: Driver, base: string) {
    this.driver = driver;
    this.#base = base;
  }

  /** `address`: from the app's own on. */
  async goto(address: string): Promise<void> {
    await this.driver.goto(this.#base + address);
  }

  /** Opens a notebook of these code cells through a link, with the reader's consent, which runs them. */
  async open(cells: readonly string[]): Promise<void> {
    await this.openLink(linkOf(cells));
    await this.click('button', 'Run this notebook');
    await this.finished();
  }

  /** Opens what a link carries. The start page comes between, so that nothing of another notebook is taken for it. */
  async openLink(carried: string): Promise<void> {
    await this.follow(carried);
    await expect.poll(() => this.finds('main', 'All notebooks')).toBe(false);
    await this.sees('group', 'Cell 1');
  }

  /** Goes to what a link carries; waits for nothing of it. */
  async follow(carried: string): Promise<void> {
    await this.goto('#start');
    await this.sees('main', 'All notebooks');
    await this.goto(`#nb=${carried}`);
  }

  /** Presses what is in sight and has this role and name; waits for it. */
  async click(role: string, name: string | RegExp, within = ''): Promise<void> {
    const { x, y } = await this.#wait(role, name, within, 20);
    await this.driver.click(x, y);
  }

  /** Waits until it is in sight. `timeout` in seconds. */
  async sees(role: string, name: string | RegExp, timeout = 20): Promise<void> {
    await this.#wait(role, name, '', timeout);
  }

  /** Whether it is in sight now. */
  async finds(role: string, name: string | RegExp, within = ''): Promise<boolean> {
    return (await this.#find(role, name, within)) !== null;
  }

  /** Types, runs and waits for the end. */
  async execute(n: number, text: string): Promise<void> {
    await this.typeIn(n, text);
    await this.driver.press('Control+Enter');
    await this.finished();
  }

  /** Runs a cell as it is. */
  async run(n: number): Promise<void> {
    await this.click('button', 'Run cell', `[role=group][aria-label="Cell ${String(n)}"]`);
    await this.finished();
  }

  /** Writes another cell in place of the first one and runs it, without waiting for its end. */
  async start(text: string): Promise<void> {
    await this.typeIn(1, text);
    await this.driver.press('Control+Enter');
  }

  /** Types in place of what is in a cell. */
  async typeIn(n: number, text: string): Promise<void> {
    const name = `Code of cell ${String(n)}`;
    // An editor comes when it is asked for, and takes the place of the text that was clicked.
    await expect
      .poll(async () => {
        await this.click('textbox', name);
        return this.driver.evaluate(
          (label) => document.activeElement?.getAttribute('aria-label') === label,
          name,
        );
      })
      .toBe(true);
    await this.driver.press('Control+a', 'Delete');
    await this.driver.type(text);
  }

  /** Nothing runs and nothing is queued. `timeout` in milliseconds. */
  async finished(timeout = 60_000): Promise<void> {
    await expect
      .poll(
        () =>
          this.driver.evaluate(async () => {
            const isDone = (): boolean =>
              document.querySelector('[data-run="queued"], [data-run="running"]') === null &&
              document.querySelector('[role=status][aria-label="Kernel: idle"]') !== null;
            // What has just been asked for shows with the next frame.
            if (!isDone()) return false;
            await new Promise((resolve) => setTimeout(resolve, 300));
            return isDone();
          }),
        { timeout, message: 'everything has run' },
      )
      .toBe(true);
  }

  /** What a cell shows as its output. */
  async output(n: number): Promise<string> {
    return this.driver.evaluate(
      (label) => document.querySelector(`[aria-label="${label}"]`)?.textContent ?? '',
      `Output of cell ${String(n)}`,
    );
  }

  async everything(): Promise<string> {
    return this.driver.evaluate(() =>
      [...document.querySelectorAll('[aria-label^="Output of cell"]')]
        .map((one) => one.textContent)
        .join('\n'),
    );
  }

  /** The text of a cell, as its editor shows it. */
  async code(n: number): Promise<string> {
    return this.driver.evaluate(
      (label) =>
        document
          .querySelector(`[role=group][aria-label="${label}"]`)
          ?.textContent.replaceAll('\u00a0', ' ') ?? '',
      `Cell ${String(n)}`,
    );
  }

  /** All that was typed is on disk. */
  async saved(): Promise<void> {
    await expect.poll(() => this.#says(/^Saved/m), { message: 'it is saved' }).toBe(true);
  }

  /** The page would open without a network. */
  async isKeptForOffline(): Promise<void> {
    await this.click('button', 'More');
    await expect
      .poll(() => this.#says(/This page also opens without a network/), {
        timeout: 60_000,
        message: 'it is kept',
      })
      .toBe(true);
    await this.driver.press('Escape');
  }

  /** Every cell has been in sight, so that all of them are drawn. */
  async lookAtAll(): Promise<void> {
    await this.driver.evaluate(async () => {
      const cells = [...document.querySelectorAll('[role=group][aria-label^="Cell "]')];
      for (const cell of cells) {
        cell.scrollIntoView();
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      cells[0]?.scrollIntoView();
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    });
  }

  async #says(what: RegExp): Promise<boolean> {
    return what.test(await this.driver.evaluate(() => document.body.innerText));
  }

  /** Where it is, once it is in sight and stays where it is. */
  async #wait(role: string, name: string | RegExp, within: string, seconds: number): Promise<Place> {
    const seen: (Place | null)[] = [];
    await expect
      .poll(
        async () => {
          const last = seen.pop();
          const place = await this.#find(role, name, within);
          seen.push(place);
          return place !== null && last?.x === place.x && last.y === place.y;
        },
        { message: `${role} “${String(name)}” is in sight`, timeout: seconds * 1000, intervals: [50, 100] },
      )
      .toBe(true);
    const [place] = seen;
    if (!place) throw new Error(`${role} “${String(name)}” has gone.`);
    return place;
  }

  async #find(role: string, name: string | RegExp, within: string): Promise<Place | null> {
    const pattern = typeof name === 'string' ? null : { source: name.source, flags: name.flags };
    return this.driver.evaluate(
      (role, name, pattern, within) => {
        const OWN: Readonly<Record<string, string>> = {
          button: 'button, summary',
          link: 'a[href]',
          textbox:
            'textarea, input:not([type]), input[type=text], input[type=search], [contenteditable=true]',
          dialog: 'dialog[open]',
          heading: 'h1, h2, h3, h4',
          main: 'main',
          listitem: 'li',
        };
        const nameOf = (element: Element): string => {
          const by = element.getAttribute('aria-labelledby');
          const named = by
            ?.split(' ')
            .map((id) => document.getElementById(id)?.textContent ?? '')
            .join(' ');
          const label = element.getAttribute('aria-label') ?? named ?? element.textContent;
          return (label.trim() || element.getAttribute('title') || '').replace(/\s+/g, ' ').trim();
        };
        const matches = (text: string): boolean =>
          pattern ? new RegExp(pattern.source, pattern.flags).test(text) : text === name;
        const root = within === '' ? document : document.querySelector(within);
        const selector = [`[role="${role}"]`, ...(OWN[role] ? [OWN[role]] : [])].join(', ');
        for (const element of root?.querySelectorAll(selector) ?? []) {
          if (
            element.matches(':disabled, [aria-disabled=true]') ||
            !matches(nameOf(element)) ||
            !element.checkVisibility({ visibilityProperty: true })
          )
            continue;
          element.scrollIntoView({ block: 'nearest' });
          const { x, y, width, height } = element.getBoundingClientRect();
          return { x: x + width / 2, y: y + height / 2 };
        }
        return null;
      },
      role,
      pattern ? null : (name as string),
      pattern,
      within,
    );
  }
}
