import { expect } from '@playwright/test';
import type { Attack } from './attacks.ts';
import type { HeavyNotebook } from './heavy.ts';
import { VECTORS, type Vector } from './markup.ts';
import { linkTo, notebookOf, codeCell } from './notebook-file.ts';

/** What must hold whatever a notebook does, in every browser. */

/** Whoever opens a hostile notebook and looks what becomes of it: each kind of browser is driven its own way. */
export interface Witness {
  /** Goes to what a link carries; waits for no cell. */
  follow(carried: string): Promise<void>;
  /** A cell is in sight, or a sentence about why there is none. */
  showsSomething(): Promise<boolean>;
  click(button: string): Promise<void>;
  isBusy(): Promise<boolean>;
  /** A cell is queued, runs or has run. */
  hasBegun(): Promise<boolean>;
  /** Nothing runs and nothing is queued. `timeout` in milliseconds. */
  finished(timeout: number): Promise<void>;
  /** What all cells show. */
  everything(): Promise<string>;
  /** All that stands in the page. */
  text(): Promise<string>;
  /** The page's own thread has had a turn. */
  turn(): Promise<unknown>;
  /** What it has managed to do. `drawn`: no code ran, so that nothing may even be asked for. */
  harm(drawn: boolean): Promise<readonly string[]>;
}

/** Cells that are queued, run or have run. */
export const BEGUN = '[data-run]:not([data-run="idle"], [data-run="cut-off"])';

/** A quick half runs with every change, all of them by `npm run test:hostile`. */
export const ALL = process.env['HOSTILE'] === 'all';
export const chosen = <T extends { readonly quick?: boolean }>(cases: readonly T[]) =>
  cases.filter(({ quick }) => ALL || quick === true);

/** As many vectors to a notebook as are drawn at once. */
export const BATCH = 40;
export const BATCHES: readonly (readonly Vector[])[] = Array.from(
  { length: Math.ceil(VECTORS.length / BATCH) },
  (_, i) => VECTORS.slice(i * BATCH, (i + 1) * BATCH),
);

/** Seconds in which a page answers while it opens what is heavy; the worst took twenty and more, or never did. */
const PATIENCE = 8;

/** Opening neither ends nor freezes the page, and never leaves it empty. */
export async function expectOpens({ file }: HeavyNotebook, witness: Witness): Promise<void> {
  await witness.follow(linkTo(file()));
  await answers(witness);
  await expect.poll(() => witness.showsSomething(), { message: 'a cell, or why there is none' }).toBe(true);
  await answers(witness);
  const failed = (await witness.text()).match(/Something went wrong|could not be drawn/g) ?? [];
  expect(failed.length).toBeLessThan(2);
  expect(await witness.harm(true)).toEqual([]);
}

/** Whatever the code does, the page answers, and the next notebook works. */
export async function expectSurvives(attack: Attack, witness: Witness): Promise<void> {
  await open(attack.cells, witness);
  if (attack.interrupt === true) {
    await expect.poll(() => witness.isBusy()).toBe(true);
    await witness.click('Interrupt');
  }
  await answers(witness);
  await witness.finished(80_000);
  await answers(witness);
  if (attack.shows) expect(await witness.everything()).toMatch(attack.shows);
  expect(await witness.harm(false)).toEqual([]);
  await open(['%px 6 * 7'], witness);
  await witness.finished(60_000);
  expect(await witness.everything()).toContain('42');
}

async function open(cells: readonly string[], witness: Witness): Promise<void> {
  await witness.follow(linkTo(notebookOf(cells.map((source) => codeCell(source)))));
  await witness.click('Run this notebook');
  // Engines that are missing start first.
  await expect.poll(() => witness.hasBegun(), { message: 'a cell runs' }).toBe(true);
}

/** The page's own thread does something else within a bound. */
async function answers(witness: Witness): Promise<void> {
  const from = Date.now();
  await witness.turn();
  expect((Date.now() - from) / 1000, 'seconds until the page answered').toBeLessThan(PATIENCE);
}
