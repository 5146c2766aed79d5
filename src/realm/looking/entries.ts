import { containerOf, keysOf, namesBeside, readData, sizeOf, type Read } from './kinds.ts';
import { entriesOf, itemsOf, keyText, lineOf } from './summary.ts';

/** One thing inside a value. */
interface Inside {
  readonly name: string;
  readonly read: Read;
}

export interface Insides {
  readonly insides: readonly Inside[];
  readonly total: number;
}

/** What is inside a value, from the `from`th on; nothing for a leaf. Runs no code of the user's but a Proxy's. */
export function insidesOf(value: unknown, from: number, count: number): Insides {
  try {
    return look(value, from, count);
  } catch {
    return { insides: [], total: 0 };
  }
}

function look(value: unknown, from: number, count: number): Insides {
  const container = containerOf(value);
  if (!container) return { insides: [], total: 0 };
  const total = sizeOf(container);
  switch (container.type) {
    case 'array': {
      const { list } = container;
      const names = namesBeside(list);
      const length = Math.max(0, Math.min(count, total + names.length - from));
      const insides = Array.from({ length }, (_none, i) => {
        const name = names[from + i - total] ?? String(from + i);
        return { name, read: readData(list, name) };
      });
      return { insides, total: total + names.length };
    }
    case 'map': {
      const entries = entriesOf(container.map, count, from);
      return {
        total,
        insides: entries.map(([key, inner]) => ({ name: lineOf(key).text, read: { value: inner } })),
      };
    }
    case 'set': {
      const items = itemsOf(container.set, count, from);
      return {
        total,
        insides: items.map((inner, i) => ({ name: String(from + i), read: { value: inner } })),
      };
    }
    case 'object': {
      const keys = keysOf(container.object).slice(from, from + count);
      return {
        total,
        insides: keys.map((key) => ({ name: keyText(key), read: readData(container.object, key) })),
      };
    }
  }
}
