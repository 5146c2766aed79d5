import { ACTION_NAMES, ACTIONS, type ActionName } from '../actions.ts';

/** The actions that a query means, the best first: each of its words must begin a word of the title, or stand
 * inside one; an empty query means all. */
export function matchActions(query: string): readonly ActionName[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const scored = ACTION_NAMES.flatMap((name) => {
    const { title, group } = ACTIONS[name];
    const score = scoreOf(words, title.toLowerCase(), group.toLowerCase());
    return score === null || name === 'palette' || name === 'palette-key' ? [] : [{ name, score }];
  });
  return scored.sort((a, b) => b.score - a.score).map(({ name }) => name);
}

function scoreOf(words: readonly string[], title: string, group: string): number | null {
  let score = 0;
  for (const word of words) {
    if (title.startsWith(word)) score += 4;
    else if (title.includes(` ${word}`)) score += 3;
    else if (title.includes(word)) score += 1;
    else if (group.includes(word)) score += 0.5;
    else return null;
  }
  return score;
}
