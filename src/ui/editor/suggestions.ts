import type { CellId } from '../../protocol/ids.ts';
import type { Assist, LiveName, Suggestion } from './assist.ts';
import { magicPlaceAt, magicWords } from './magic-words.ts';

/** One line of the list. */
export interface Item {
  readonly name: string;
  readonly kind: string;
  readonly insertText: string;
  readonly sortText: string;
  readonly detail: string | null;
  /** Offsets of what it replaces. */
  readonly from: number;
  readonly to: number;
  /** More can be asked of the types. */
  readonly isTyped: boolean;
}

export interface Items {
  readonly items: readonly Item[];
  /** The kernel had no time to say what it has: with the next letter it is asked again. */
  readonly isIncomplete: boolean;
}

/** Milliseconds that the list waits for the kernel, which may be busy. */
const PATIENCE = 250;

/** What could stand at `offset`: what the code says, then what kernel and engines have besides. */
export async function suggestionsAt(
  assist: Assist,
  cell: CellId,
  code: string,
  offset: number,
): Promise<Items> {
  const before = code.slice(code.lastIndexOf('\n', offset - 1) + 1, offset);
  const live = liveNames(assist, cell, code, offset);
  const place = magicPlaceAt(before);
  if (place) {
    const names = await live;
    const words = merge(names ?? [], magicWords(place));
    const from = offset - place.typed.length;
    return { items: words.map((word) => liveItem(word, from, offset)), isIncomplete: names === null };
  }
  const from = offset - (/[\p{ID_Continue}$]*$/u.exec(before)?.[0].length ?? 0);
  const [typed, names] = await Promise.all([typedNames(assist, cell, offset), live]);
  const known = new Set(typed.map(({ name }) => name));
  const more = (names ?? []).filter(({ name }) => !known.has(name));
  const far = new Map(names?.filter(({ kind }) => kind === 'engine-variable').map((one) => [one.name, one]));
  const items = [
    ...typed.map((one) => ({ ...typedItem(one, from, offset), detail: far.get(one.name)?.detail ?? null })),
    ...more.map((one) => liveItem(one, from, offset)),
  ];
  return { items, isIncomplete: names === null };
}

async function typedNames({ types }: Assist, cell: CellId, offset: number): Promise<readonly Suggestion[]> {
  try {
    return (await types?.suggest(cell, offset)) ?? [];
  } catch {
    return [];
  }
}

/** Null when they did not come in time. */
function liveNames(
  { live }: Assist,
  cell: CellId,
  code: string,
  offset: number,
): Promise<readonly LiveName[] | null> {
  if (!live) return Promise.resolve([]);
  const late = new Promise<null>((resolve) => {
    setTimeout(() => {
      resolve(null);
    }, PATIENCE);
  });
  const found = live.complete(cell, code, offset).catch((): readonly LiveName[] => []);
  return Promise.race([found, late]);
}

/** The first one of each name. */
function merge(...lists: readonly (readonly LiveName[])[]): readonly LiveName[] {
  const found = new Map<string, LiveName>();
  for (const one of lists.flat()) if (!found.has(one.name)) found.set(one.name, one);
  return [...found.values()];
}

function typedItem(one: Suggestion, from: number, to: number): Item {
  return {
    name: one.name,
    kind: one.kind,
    insertText: one.insertText ?? one.name,
    sortText: one.sortText,
    detail: null,
    from: one.from ?? from,
    to: Math.max(one.to ?? to, to),
    isTyped: true,
  };
}

/** Between the code's own names and the language's. */
function liveItem({ name, kind, detail }: LiveName, from: number, to: number): Item {
  const sortText = kind === 'engine-variable' || kind === 'magic' || kind === 'flag' ? '11' : '14';
  return { name, kind, insertText: name, sortText, detail: detail ?? null, from, to, isTyped: false };
}
