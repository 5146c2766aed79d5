// What one key costs the page's main thread, out of a trace of Chromium.

const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'toplevel'];

/**
 * Types `text` into what has the focus, a key every `delay` milliseconds, and gives for every key what the main
 * thread did for it, in milliseconds:
 * `toPaint`: all tasks from the key to the first commit of a frame after it: script, style, layout, paint;
 * `cpu`: the same by the processor's clock of that thread, which other programs on the machine do not slow down;
 * `later`: all other tasks before the next key; `longest`: the longest of those;
 * `felt`: from the key to that commit on the wall clock, the wait for the display's next frame included.
 */
export async function traceTyping(page, text, delay) {
  const browser = page.context().browser();
  await browser.startTracing(page, { categories: CATEGORIES });
  await page.keyboard.type(text, { delay });
  await page.waitForTimeout(delay);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  return keysIn(traceEvents);
}

export function keysIn(events) {
  const isKey = ({ name, args }) => name === 'EventDispatch' && args?.data?.type === 'keydown';
  const first = events.find(isKey);
  if (!first) throw new Error('The trace has no key');
  const main = events
    .filter(({ pid, tid, ph }) => pid === first.pid && tid === first.tid && ph === 'X')
    .sort((a, b) => a.ts - b.ts);
  const tasks = main.filter(({ name }) => name === 'RunTask');
  const commits = main.filter(({ name }) => name === 'Commit');
  const keys = main.filter(isKey);
  return keys.slice(0, -1).map((key, i) => costs(key, keys[i + 1], tasks, commits));
}

function costs(key, next, tasks, commits) {
  const mine = tasks.filter((task) => task.ts + task.dur > key.ts && task.ts + task.dur <= next.ts);
  const commit = commits.find(({ ts }) => ts > key.ts);
  if (!commit || commit.ts > next.ts) return null;
  const until = mine.filter(({ ts }) => ts <= commit.ts);
  const later = mine.filter(({ ts }) => ts > commit.ts);
  const sum = (list, of) => list.reduce((total, one) => total + of(one), 0) / 1000;
  return {
    toPaint: sum(until, ({ dur }) => dur),
    cpu: sum(until, ({ tdur, dur }) => tdur ?? dur),
    later: sum(later, ({ dur }) => dur),
    longest: Math.max(0, ...later.map(({ dur }) => dur)) / 1000,
    felt: (commit.ts + commit.dur - key.ts) / 1000,
  };
}
