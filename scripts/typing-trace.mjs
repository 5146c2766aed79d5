// What one key costs the page's main thread, out of a trace of Chromium.

/** Milliseconds. The promise: typing is below a frame when `key` is, at the 95th percentile. */
export const FRAME = 1000 / 60;

/** The richer `disabled-by-default-devtools.timeline` counts the nodes of the page in each frame: a cost of its own. */
const CATEGORIES = ['devtools.timeline', 'toplevel'];

/**
 * Types `text` into what has the focus, a key every `delay` milliseconds, and gives for every key, in milliseconds:
 *
 * - `key`: what the main thread did from the key on, up to and with the frame that shows it: script, style, layout and
 *   paint, by that thread's own clock, which other programs on the machine do not turn;
 * - `wall`: the same by the clock on the wall;
 * - `later`: what it did beside that before the next key (suggestions, saving), and `longest`, the longest task of it;
 * - `felt`: from the key to the end of that frame on the main thread, the wait for the display included.
 *
 * Tracing itself costs something; it is the same for all that is compared.
 */
export async function traceTyping(page, text, delay) {
  const browser = page.context().browser();
  await browser.startTracing(page, { categories: CATEGORIES });
  await page.keyboard.type(text, { delay });
  await page.waitForTimeout(delay);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  return keysIn(traceEvents);
}

/** Also what the browser itself says of interactions (Event Timing, which INP is made of): `duration` of each key, from
 * the key to the next paint, in steps of 8 ms; what is under 16 ms is not told and counts as 16. */
export async function eventTimings(page, text, delay) {
  await page.evaluate(() => {
    window.keyTimings = [];
    const observer = new PerformanceObserver((list) => {
      for (const { name, duration } of list.getEntries())
        if (name === 'keydown') window.keyTimings.push(duration);
    });
    observer.observe({ type: 'event', durationThreshold: 16 });
  });
  await page.keyboard.type(text, { delay });
  await page.waitForTimeout(500);
  const slow = await page.evaluate(() => window.keyTimings);
  return [...slow, ...Array.from({ length: Math.max(0, text.length - slow.length) }, () => 16)];
}

export function percentiles(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return { p50: sorted[sorted.length >> 1], p95: sorted[Math.floor(sorted.length * 0.95)] };
}

function keysIn(events) {
  const isKey = ({ name, args }) => name === 'EventDispatch' && args?.data?.type === 'keydown';
  const first = events.find(isKey);
  if (!first) throw new Error('The trace has no key');
  const main = events
    .filter(({ pid, tid, ph }) => pid === first.pid && tid === first.tid && ph === 'X')
    .sort((a, b) => a.ts - b.ts);
  const tasks = main.filter(({ name }) => name === 'ThreadControllerImpl::RunTask');
  // The frame's last step on the main thread, and the task that it is in.
  const frames = main
    .filter(({ name }) => name === 'Layerize')
    .flatMap(({ ts }) => tasks.find((task) => task.ts <= ts && task.ts + task.dur > ts) ?? []);
  const keys = main.filter(isKey);
  return keys.flatMap((key, i) => costs(key, keys[i + 1]?.ts ?? Infinity, tasks, frames) ?? []);
}

/** Null for a key that no frame shows any more. */
function costs(key, next, tasks, frames) {
  const frame = frames.find(({ ts, dur }) => ts + dur > key.ts);
  if (!frame) return null;
  const until = tasks.filter(({ ts, dur }) => ts + dur > key.ts && ts <= frame.ts);
  const later = tasks.filter(({ ts }) => ts > frame.ts && ts < next);
  const sum = (list, of) => list.reduce((total, one) => total + of(one), 0) / 1000;
  return {
    key: sum(until, ({ tdur, dur }) => tdur ?? dur),
    wall: sum(until, ({ dur }) => dur),
    later: sum(later, ({ dur }) => dur),
    longest: Math.max(0, ...later.map(({ dur }) => dur)) / 1000,
    felt: (frame.ts + frame.dur - key.ts) / 1000,
  };
}
