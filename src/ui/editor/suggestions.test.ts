import { describe, expect, it, vi } from 'vitest';
import type { CellId } from '../../protocol/ids.ts';
import { NO_ASSIST, type Assist, type CellTypes, type LiveName, type Suggestion } from './assist.ts';
import { suggestionsAt } from './suggestions.ts';

const CELL = 'cell' as CellId;
const typed = (...names: readonly string[]): CellTypes =>
  ({
    suggest: () =>
      Promise.resolve(names.map((name): Suggestion => ({ name, kind: 'const', sortText: '11' }))),
  }) as unknown as CellTypes;
const live = (...names: readonly LiveName[]) => ({ complete: () => Promise.resolve(names) });
const at = async (parts: Partial<Assist>, code: string) => {
  const { items, isIncomplete } = await suggestionsAt({ ...NO_ASSIST, ...parts }, CELL, code, code.length);
  return { names: items.map(({ name }) => name), from: items[0]?.from, isIncomplete };
};

describe('suggestions', () => {
  it('what the code says comes first, then what is there besides, each name once', async () => {
    const assist = {
      types: typed('alpha', 'both'),
      live: live({ name: 'both', kind: 'variable' }, { name: 'zeta', kind: 'variable' }),
    };
    expect(await at(assist, '1 + a')).toEqual({
      names: ['alpha', 'both', 'zeta'],
      from: 4,
      isIncomplete: false,
    });
  });

  it('a name that the code has and engines too says which engines', async () => {
    const assist = {
      ...NO_ASSIST,
      types: typed('shared', 'here'),
      live: live(
        { name: 'shared', kind: 'engine-variable', detail: 'e1, e2' },
        { name: 'here', kind: 'variable', detail: 'number' },
      ),
    };
    const { items } = await suggestionsAt(assist, CELL, '%px ', 4);
    expect(items.map(({ name, detail }) => [name, detail])).toEqual([
      ['shared', 'e1, e2'],
      ['here', null],
    ]);
  });

  it('after a % there are magics, the kernel’s own first, and no code', async () => {
    const assist = {
      types: typed('alpha'),
      live: live({ name: '%px', kind: 'magic' }, { name: '%px0', kind: 'magic' }),
    };
    const { names, from } = await at(assist, 'x\n%px');
    expect(names.slice(0, 3)).toEqual(['%px', '%px0', '%pxresult']);
    expect(from).toBe(2);
  });

  it('a kernel that is busy or fails keeps nobody waiting', async () => {
    vi.useFakeTimers();
    const never = { types: typed('alpha'), live: { complete: () => new Promise<never>(() => undefined) } };
    const waiting = at(never, 'a');
    await vi.advanceTimersByTimeAsync(300);
    vi.useRealTimers();
    expect(await waiting).toEqual({ names: ['alpha'], from: 0, isIncomplete: true });
    const failing = { types: null, live: { complete: () => Promise.reject(new Error('dead')) } };
    expect(await at(failing, 'a')).toEqual({ names: [], from: undefined, isIncomplete: false });
  });

  it('without help there is still the list of magics', async () => {
    expect((await at(NO_ASSIST, '%%')).names).toContain('%%px');
    expect((await at(NO_ASSIST, 'a')).names).toEqual([]);
  });
});
