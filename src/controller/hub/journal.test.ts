import { describe, expect, it } from 'vitest';
import type { MsgId } from '../../protocol/ids.ts';
import type { StoredTask } from '../../protocol/stored-task.ts';
import { NO_TERMS, type TaskTerms } from '../../protocol/terms.ts';
import type { HubEffect } from '../events.ts';
import { isStoredTask } from '../guards.ts';
import { upgradedTask } from './upgrade-stored.ts';
import {
  answersIn,
  apply,
  balanced,
  callOf,
  clusterOf,
  direct,
  FAILED,
  type HubFixture,
  inShort,
  OK,
  packed,
} from '../../testing/hub-fixture.ts';

const KEPT = { database: 'indexeddb' } as const;

/** What is written now. */
function written(hub: HubFixture): { kept: readonly StoredTask[]; gone: readonly MsgId[] } {
  const effects: readonly HubEffect[] = hub.reach({ type: 'journal' });
  const record = effects.find((effect) => effect.type === 'record');
  return record?.type === 'record' ? record : { kept: [], gone: [] };
}

/** A hub of a later visit, which finds `tasks`. */
function later(tasks: readonly StoredTask[], options: Parameters<typeof clusterOf>[1] = KEPT) {
  const hub = clusterOf(1, options);
  // As they come from a store.
  const effects = hub.handle({ type: 'history-restored', tasks: structuredClone(tasks) });
  return { hub, effects };
}

describe('the journal of a database in IndexedDB', () => {
  it('writes a task once, when it has ended by the time of writing', () => {
    const hub = clusterOf(1, KEPT);
    expect(inShort(hub.submit(direct('a_0', 0)))).toContain('set journal timer 0.1');
    hub.reply(0, 'a_0');
    const { kept, gone } = written(hub);
    expect(kept).toMatchObject([{ msgId: 'a_0', status: 'ok', request: { method: 'apply' } }]);
    expect(gone).toEqual([]);
    expect(kept.every(isStoredTask)).toBe(true);
    expect(inShort(hub.endTurn())).not.toContain('set journal timer 0.1');
  });

  it('writes what is pending, and again when it has ended', () => {
    const hub = clusterOf(1, KEPT);
    hub.submit(direct('a_0', 0));
    expect(written(hub).kept).toMatchObject([{ status: 'pending', settlement: null }]);
    expect(inShort(hub.reply(0, 'a_0'))).toContain('set journal timer 0.1');
    expect(written(hub).kept).toMatchObject([{ status: 'ok', settlement: { outcome: OK } }]);
  });

  it('takes out what is culled or purged, and never writes what was culled before', () => {
    const hub = clusterOf(1, { ...KEPT, recordLimit: 2, cullFraction: 0.5 });
    const run = (i: number) => {
      hub.submit(direct(`a_${String(i)}`, 0));
      hub.reply(0, `a_${String(i)}`);
    };
    [0, 1, 2].forEach(run);
    // The third has culled the first.
    expect(written(hub)).toMatchObject({ kept: [{ msgId: 'a_1' }, { msgId: 'a_2' }], gone: [] });
    run(3);
    expect(written(hub)).toMatchObject({ kept: [{ msgId: 'a_3' }], gone: ['a_1'] });
    hub.ask({ type: 'purge', msgIds: null, engines: null, all: true });
    expect(written(hub)).toMatchObject({ kept: [], gone: ['a_2', 'a_3'] });
  });

  it('fates of tasks that ended at an earlier visit decide about those that depend on them', () => {
    const first = clusterOf(1, KEPT);
    first.submit(balanced('a_0'), balanced('a_1'), direct('a_2', 0));
    first.reply(0, 'a_0');
    first.reply(0, 'a_1', FAILED);
    const { hub } = later(written(first).kept);
    const on = (msgId: string, key: 'after' | 'follow') => ({
      ...NO_TERMS,
      [key]: { msgIds: [msgId as MsgId], all: true, success: true, failure: false },
    });
    const ended = (id: string, terms: TaskTerms) =>
      inShort(hub.submit(balanced(id, null, { route: { type: 'balanced', targets: null, terms } }))).join();
    expect(ended('a_10', on('a_0', 'after'))).toContain('send request a_10');
    expect(ended('a_11', on('a_1', 'after'))).toContain('ImpossibleDependency');
    expect(ended('a_12', on('a_2', 'after'))).toContain('ImpossibleDependency');
    // Its engine was another.
    expect(ended('a_13', on('a_0', 'follow'))).toContain('ImpossibleDependency');
    expect(ended('a_14', on('a_9', 'after'))).toContain('InvalidDependency');
  });

  it('writes at most 1000 at once, and rests for as many milliseconds', () => {
    const hub = clusterOf(1, { ...KEPT, recordLimit: 2000 });
    hub.submit(...Array.from({ length: 2250 }, (_, i) => direct(`a_${String(i)}`, 0)));
    const writes = [0, 1, 2].map(() => {
      const effects = hub.reach({ type: 'journal' });
      const kept = effects.flatMap((effect) => (effect.type === 'record' ? effect.kept : []));
      return [kept.length, inShort(effects).find((line) => line.startsWith('set journal'))];
    });
    expect(writes).toEqual([
      [1000, 'set journal timer 1'],
      [1000, 'set journal timer 1'],
      [250, undefined],
    ]);
    expect(inShort(hub.reply(0, 'a_0'))).toContain('set journal timer 0.249');
  });

  it('writes nothing of what a burst has culled by the time of writing', () => {
    const hub = clusterOf(1, { ...KEPT, recordLimit: 50 });
    hub.submit(...Array.from({ length: 500 }, (_, i) => balanced(`a_${String(i)}`)));
    for (let i = 0; i < 500; i++) hub.reply(0, `a_${String(i)}`);
    hub.submitCall(callOf(500, 500));
    for (let i = 500; i < 1000; i++) hub.done(0, i);
    const { kept } = written(hub);
    expect(kept.length).toBeLessThanOrEqual(50);
    expect(kept.at(-1)).toMatchObject({ msgId: 'a_999', status: 'ok' });
  });

  it('leaves out requests and results that are too big, and buffers that have moved', () => {
    const hub = clusterOf(1, KEPT);
    const moved = { request: apply([new ArrayBuffer(2 ** 21)]) };
    hub.submit(direct('a_0', 0, moved));
    hub.reply(0, 'a_0', { status: 'ok', value: packed('big', [], 2 ** 23) });
    expect(written(hub).kept).toMatchObject([{ status: 'ok', request: null, settlement: null }]);
  });

  it('without it, nothing is written', () => {
    const hub = clusterOf(1);
    hub.submit(direct('a_0', 0));
    expect(inShort(hub.reply(0, 'a_0'))).toEqual(['tell a: a_0 ok']);
  });
});

describe('a later visit', () => {
  function firstVisit(): readonly StoredTask[] {
    const hub = clusterOf(1, KEPT);
    hub.submit(direct('a_0', 0, { label: 'done' }), direct('a_1', 0, { label: 'cut' }));
    hub.reply(0, 'a_0', { status: 'ok', value: packed('value') });
    return written(hub).kept;
  }

  it('finds what had ended, in the history and by id', () => {
    const { hub } = later(firstVisit());
    hub.connect('b');
    hub.submit(direct('b_0', 0, { submitted: hub.at }));
    expect(answersIn(hub.ask({ type: 'history' }))[0]).toEqual({ ok: true, value: ['a_0', 'a_1', 'b_0'] });
    expect(answersIn(hub.ask({ type: 'results', msgIds: ['a_0' as MsgId] }))[0]).toMatchObject({
      value: [{ msgId: 'a_0', outcome: { status: 'ok', value: { value: 'value' } } }],
    });
  });

  it('says of what had not ended that its engines are gone, once by a notice', () => {
    const { hub, effects } = later(firstVisit());
    expect(inShort(effects).join()).toContain('info: 1 task had not ended when this notebook was closed');
    const [answer] = answersIn(hub.ask({ type: 'results', msgIds: ['a_1' as MsgId] }));
    expect(JSON.stringify(answer)).toMatch(/EngineError.*its engines are gone.*rc.resubmit\('a_1'\)/);
    const third = later(written(hub).kept.map((task) => task));
    expect(inShort(third.effects).join()).not.toContain('had not ended');
  });

  it('runs it again', () => {
    const { hub } = later(firstVisit());
    const tasks = [{ from: 'a_1' as MsgId, to: 'a_9' as MsgId }];
    const asked = { type: 'resubmit-asked', clientId: 'a', tasks, submitted: 1, runId: null } as never;
    expect(inShort(hub.handle(asked))).toContain('send request a_9');
  });

  it('culls what is too much, in the store too', () => {
    const { hub } = later(firstVisit(), { ...KEPT, recordLimit: 1, cullFraction: 0 });
    expect(written(hub)).toMatchObject({ gone: ['a_0'] });
  });
});

describe('a task of format 1', () => {
  const mapped = (items: readonly unknown[], returnExceptions = true): StoredTask => {
    const hub = clusterOf(1, KEPT);
    const call = packed({ f: 'f', columns: [[1, 2]] });
    hub.submit(direct('a_0', 0, { request: { method: 'map', call, name: 'f', returnExceptions } }));
    hub.reply(0, 'a_0', { status: 'ok', value: packed(items) });
    return { ...(written(hub).kept[0] as StoredTask), format: 1 };
  };
  const thrown = { ename: 'TypeError', evalue: 'no', traceback: [] };

  it.each<{ name: string; task: StoredTask; becomes: object }>([
    {
      name: 'items that all ended well',
      task: mapped([
        { ok: true, value: 1 },
        { ok: true, value: { ok: false } },
      ]),
      becomes: { status: 'ok', value: { value: [1, { ok: false }] } },
    },
    {
      name: 'one that failed',
      task: mapped([
        { ok: true, value: 1 },
        { ok: false, error: thrown },
      ]),
      becomes: { status: 'error', error: thrown, items: { value: [{ ok: true }, { ok: false }] } },
    },
    { name: 'a plain list', task: mapped([1, 2]), becomes: { status: 'ok', value: { value: [1, 2] } } },
    {
      name: 'errors not wanted',
      task: mapped([{ ok: true, value: 1 }], false),
      becomes: { status: 'ok', value: { value: [{ ok: true, value: 1 }] } },
    },
  ])('is read as it would be written today: $name', ({ task, becomes }) => {
    expect(isStoredTask(task)).toBe(true);
    const { format, status, settlement } = upgradedTask(task);
    expect(format).toBe(2);
    expect(settlement?.outcome).toMatchObject(becomes);
    expect(status).toBe(settlement?.outcome.status);
  });
});

describe('what is no stored task', () => {
  it.each([null, {}, 'x', { format: 1 }, { format: 2, msgId: 'a_0' }, { format: 3 }])(
    'is not let in: %j',
    (task) => {
      expect(isStoredTask(task)).toBe(false);
    },
  );
});
