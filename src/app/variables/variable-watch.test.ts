import { describe, expect, it } from 'vitest';
import type { EngineState } from '../../protocol/client-messages.ts';
import type { LookAnswer, LookQuestion, Variable } from '../../protocol/looking.ts';
import type { Lane } from '../../protocol/outputs.ts';
import { numberNamed as variable } from '../../testing/variables.ts';
import { createClusterStore } from '../../ui/stores/cluster-store.ts';
import { VariableWatch } from './variable-watch.ts';

function engine(id: number, completed = 0, more: Partial<EngineState> = {}): EngineState {
  return { id, uuid: `u${String(id)}`, completed, failed: 0, status: 'idle', names: [], ...more } as never;
}

interface Asked {
  readonly at: Lane;
  readonly question: LookQuestion;
  readonly answer: (answer: LookAnswer) => Promise<void>;
}

function setUp(engines: readonly EngineState[] = [engine(0)]) {
  let now = 1_000_000;
  let timers: { readonly at: number; readonly callback: () => void }[] = [];
  const asked: Asked[] = [];
  const page = { visible: true };
  const cluster = createClusterStore();
  cluster.setState({ engines, isolated: true });
  const watch = new VariableWatch({
    cluster,
    looking: {
      look: (at, question) =>
        new Promise((resolve) => {
          asked.push({
            at,
            question,
            answer: async (answer) => {
              resolve(answer);
              for (let turn = 0; turn < 10; turn++) await Promise.resolve();
            },
          });
        }),
    },
    clock: { now: () => now },
    timers: {
      after: (delay, callback) => {
        const timer = { at: now + delay * 1000, callback };
        timers.push(timer);
        return () => {
          timers = timers.filter((other) => other !== timer);
        };
      },
    },
    isVisible: () => page.visible,
    batch: (job) => {
      job();
    },
  });
  return {
    watch,
    page,
    cluster,
    lane: (at: Lane) => watch.store.getState().lanes.find(({ lane }) => lane === at),
    /** What has been asked since. */
    taken: () => asked.splice(0),
    /** Seconds. */
    pass: (seconds: number) => {
      const end = now + seconds * 1000;
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        now = next.at;
        timers = timers.filter((timer) => timer !== next);
        next.callback();
      }
      now = end;
    },
  };
}

const round = (n: number, changed: readonly Variable[], names: readonly string[] | null = null) =>
  ({ type: 'variables', round: n, names, changed, next: null }) as const;

describe('watching variables', () => {
  it('asks kernel and engines when somebody begins to watch, and nobody before or after', async () => {
    const { watch, taken, pass, cluster, lane } = setUp();
    cluster.setState({ engines: [engine(0, 1)] });
    expect(taken()).toEqual([]);
    const stop = watch.watch();
    const [kernel, first] = taken();
    expect([kernel?.at, first?.at]).toEqual([null, 0]);
    expect(first?.question).toEqual({ type: 'variables', since: 0, from: 0 });
    await first?.answer(round(1, [variable('a', '1')], ['a']));
    expect(lane(0)?.known.get('a')).toMatchObject({ text: '1', changedAt: null });
    stop();
    cluster.setState({ engines: [engine(0, 2)] });
    pass(60);
    expect(taken()).toEqual([]);
  });

  it('asks again when a task has ended, for what has changed, and not more often than twice a second', async () => {
    const { watch, taken, pass, cluster, lane } = setUp();
    watch.watch();
    await taken()[1]?.answer(round(1, [variable('a', '1'), variable('b', '1')], ['a', 'b']));
    for (let n = 1; n < 50; n++) cluster.setState({ engines: [engine(0, n)] });
    expect(taken()).toEqual([]);
    pass(0.5);
    const again = taken();
    expect(again.map(({ question }) => question)).toEqual([{ type: 'variables', since: 1, from: 0 }]);
    pass(0.1);
    await again[0]?.answer(round(2, [variable('b', '2')], ['b']));
    expect([...(lane(0)?.known.values() ?? [])].map(({ text }) => text)).toEqual(['2']);
    expect(lane(0)?.known.get('b')?.changedAt).toBe(1_000_600);
  });

  it('one that does not answer is busy, with the time of what is shown; and is not asked twice', async () => {
    const { watch, taken, pass, cluster, lane } = setUp();
    watch.watch();
    await taken()[1]?.answer(round(1, [variable('a', '1')], ['a']));
    cluster.setState({ engines: [engine(0, 0, { status: 'busy' })] });
    pass(0.5);
    const [asked] = taken();
    pass(20);
    expect(lane(0)).toMatchObject({ state: 'busy', asOf: 1_000_000 });
    expect(taken()).toEqual([]);
    await asked?.answer(round(2, []));
    expect(lane(0)?.state).toBe('fresh');
    // It took long: it is left alone for longer.
    cluster.setState({ engines: [engine(0, 1)] });
    pass(1);
    expect(taken()).toEqual([]);
    pass(5);
    expect(taken().length).toBe(1);
  });

  it('without an occasion it looks now and then, but not while the page is hidden', async () => {
    const { watch, taken, pass, page } = setUp([]);
    watch.watch();
    await taken()[0]?.answer(round(1, []));
    pass(3.4);
    expect(taken()).toEqual([]);
    page.visible = false;
    pass(60);
    expect(taken()).toEqual([]);
    page.visible = true;
    pass(7);
    expect(taken().length).toBe(1);
  });

  it('a new life begins empty; a late answer of the old one is nobody’s', async () => {
    const { watch, taken, cluster, lane, pass } = setUp();
    watch.watch();
    await taken()[1]?.answer(round(7, [variable('a', '1')], ['a']));
    cluster.setState({ engines: [engine(0, 1)] });
    pass(0.5);
    const [late] = taken();
    cluster.setState({ engines: [engine(0, 0, { uuid: 'other' as never })] });
    expect(lane(0)?.names).toEqual([]);
    await late?.answer(round(8, [variable('a', '2')]));
    expect(lane(0)?.names).toEqual([]);
    expect(taken().map(({ question }) => question)).toEqual([{ type: 'variables', since: 0, from: 0 }]);
  });

  it('many variables come in parts of one round', async () => {
    const { watch, taken, lane } = setUp([]);
    watch.watch();
    await taken()[0]?.answer({ ...round(3, [variable('a', '1')], ['a', 'b']), next: 1 });
    const [rest] = taken();
    expect(rest?.question).toEqual({ type: 'variables', since: 0, from: 1 });
    await rest?.answer(round(3, [variable('b', '1')], ['a', 'b']));
    expect([...(lane(null)?.known.keys() ?? [])]).toEqual(['a', 'b']);
  });

  it('engines of a joined cluster are not asked; the names that they told are there', () => {
    const { watch, taken, cluster, lane } = setUp();
    cluster.setState({
      engines: [engine(0, 0, { names: ['x'] })],
      join: { status: 'open', host: 'h', reason: null, role: 'client' },
    });
    watch.watch();
    expect(taken().map(({ at }) => at)).toEqual([null]);
    expect(lane(0)).toMatchObject({ state: 'closed', names: ['x'] });
  });
});
