import type { Notice } from '../stores/page-store.ts';

const OF_ENGINE = /^Engine (\d+) (.+)$/s;

/** What notices say, those together that differ by the engine alone: four engines that died are one event. */
export function gatheredNotices(notices: readonly Pick<Notice, 'text'>[]): readonly string[] {
  const engines = new Map<string, number[]>();
  for (const { text } of notices) {
    const [, id, what] = OF_ENGINE.exec(text) ?? [];
    const key = what ?? text;
    engines.set(key, [...(engines.get(key) ?? []), ...(id === undefined ? [] : [Number(id)])]);
  }
  return [...engines].map(([what, ids]) => {
    if (ids.length === 0) return what;
    return ids.length === 1 ? `Engine ${String(ids[0])} ${what}` : `Each of engines ${inWords(ids)} ${what}`;
  });
}

/** `0–3`, `0, 2 and 5`. */
function inWords(ids: readonly number[]): string {
  const sorted = [...new Set(ids)].sort((a, b) => a - b);
  const [first = 0] = sorted;
  const last = sorted.at(-1) ?? first;
  if (sorted.length > 2 && last - first === sorted.length - 1) return `${String(first)}–${String(last)}`;
  return `${sorted.slice(0, -1).join(', ')} and ${String(last)}`;
}
