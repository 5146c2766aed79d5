import { ATTACKS } from '../hostile/attacks.ts';
import { harmInPage } from '../hostile/damage.ts';
import { HEAVY } from '../hostile/heavy.ts';
import { BEGUN, chosen, expectOpens, expectSurvives, type Witness } from '../hostile/judgement.ts';
import { linkTo } from '../hostile/notebook-file.ts';
import type { Reader } from './reader.ts';
import { test } from './story.ts';

/** The notebooks of `e2e/hostile.spec.ts` that are heavy or attack, in the other browsers (`npm run test:hostile`). */

/** Characters of the longest address there, less what stands before a link's own part. */
const FIREFOX_ADDRESS = (1 << 20) - 100;

test.describe('opening: a heavy notebook neither ends nor freezes the page', () => {
  for (const heavy of chosen(HEAVY)) {
    test(heavy.name, async ({ reader, kind }) => {
      const isTooLong = linkTo(heavy.file()).length > FIREFOX_ADDRESS;
      test.skip(kind === 'firefox' && isTooLong, 'Firefox opens no address of more than 1 MiB.');
      await expectOpens(heavy, witnessOf(reader));
    });
  }
});

test.describe('running: whatever it does, the page answers, and the next notebook works', () => {
  for (const attack of chosen(ATTACKS))
    test(attack.name, async ({ reader }) => expectSurvives(attack, witnessOf(reader)));
});

function witnessOf(reader: Reader): Witness {
  const { driver } = reader;
  return {
    follow: (carried) => reader.follow(carried),
    showsSomething: async () =>
      ((await reader.finds('group', 'Cell 1')) && !(await reader.finds('main', 'All notebooks'))) ||
      (await reader.finds('alert', /./)),
    click: (button) => reader.click('button', button),
    hasBegun: () => driver.evaluate((begun) => document.querySelector(begun) !== null, BEGUN),
    isBusy: () => reader.finds('status', 'Kernel: busy'),
    finished: (timeout) => reader.finished(timeout),
    everything: () => reader.everything(),
    text: () => driver.evaluate(() => document.body.innerText),
    turn: () => driver.evaluate(() => new Promise((resolve) => setTimeout(resolve))),
    harm: async (drawn) => {
      const asked = await driver.evaluate(() =>
        performance
          .getEntriesByType('resource')
          .map(({ name }) => name)
          .filter((name) => name.includes('evil.example')),
      );
      return [...(await driver.evaluate(harmInPage)), ...(drawn ? asked : [])];
    },
  };
}
