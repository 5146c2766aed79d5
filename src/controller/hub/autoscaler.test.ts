import { describe, expect, it } from 'vitest';
import {
  answersIn,
  balanced,
  clusterOf,
  direct,
  inShort,
  type HubFixture,
} from '../../testing/hub-fixture.ts';
import type { HubEffect } from '../events.ts';

const ADAPT = { min: 1, max: 3, idle: 30 };

function started(effects: readonly HubEffect[]): string[] {
  return inShort(effects).filter((effect) => effect.startsWith('start engine'));
}

/** What happens when nothing does for so many seconds. */
function after(hub: HubFixture, seconds: number): readonly HubEffect[] {
  hub.wait(seconds);
  return hub.reach({ type: 'adapt' });
}

function ids(hub: HubFixture): number[] {
  const [answer] = answersIn(hub.ask({ type: 'queue-status', engines: null }));
  const status = answer?.ok === true ? (answer.value as object) : {};
  return Object.keys(status)
    .filter((key) => key !== 'unassigned')
    .map(Number);
}

describe('adapting the number of engines to the queue', () => {
  it('starts an engine for each task that has been waiting for a while, up to max', () => {
    const hub = clusterOf(1, { adapt: ADAPT });
    hub.submit(...[0, 1, 2, 3, 4].map((i) => balanced(`a_${String(i)}`)));
    expect(inShort(hub.endTurn())).toContain('set adapt timer 0.5');
    expect(started(after(hub, 0.5))).toEqual(['start engine 1 generation 1', 'start engine 2 generation 1']);
    expect(started(after(hub, 5))).toEqual([]);
  });

  it('counts engines that start, and starts none for a burst that is over', () => {
    const hub = clusterOf(1, { adapt: ADAPT });
    hub.submit(balanced('a_0'), balanced('a_1'));
    hub.endTurn();
    expect(started(after(hub, 0.5))).toHaveLength(1);
    expect(started(after(hub, 1))).toEqual([]);
    const quick = clusterOf(1, { adapt: ADAPT });
    quick.submit(balanced('a_0'), balanced('a_1'));
    quick.endTurn();
    quick.reply(0, 'a_0');
    quick.endTurn();
    expect(started(after(quick, 0.5))).toEqual([]);
  });

  it('direct requests start none: they would not run there', () => {
    const hub = clusterOf(1, { adapt: ADAPT });
    hub.submit(direct('a_0', 0), direct('a_1', 0), direct('a_2', 0));
    hub.endTurn();
    expect(started(after(hub, 10))).toEqual([]);
  });

  it('stops engines that have been idle for long, the latest first, down to min', () => {
    const hub = clusterOf(3, { adapt: ADAPT });
    hub.submit(direct('a_0', 2));
    hub.endTurn();
    after(hub, 20);
    hub.reply(2, 'a_0');
    hub.endTurn();
    after(hub, 10.1);
    // 2 has worked since.
    expect(ids(hub)).toEqual([2]);
    after(hub, 100);
    expect(ids(hub)).toEqual([2]);
    const idle = clusterOf(3, { adapt: { ...ADAPT, min: 2 } });
    idle.endTurn();
    after(idle, 31);
    expect(ids(idle)).toEqual([0, 1]);
  });

  it('stops none that works, and none while tasks wait', () => {
    const hub = clusterOf(2, { adapt: { min: 1, max: 2, idle: 1 } });
    hub.submit(balanced('a_0', [0]), balanced('a_1', [0]));
    hub.endTurn();
    after(hub, 60);
    expect(ids(hub)).toEqual([0, 1]);
  });

  it('is set, asked for and ended by a question; too many idle ones go at once, too few are started', () => {
    const hub = clusterOf(3);
    hub.ask({ type: 'adapt', adapt: { min: 1, max: 2, idle: 30 } });
    expect(ids(hub)).toEqual([0, 1]);
    expect(answersIn(hub.ask({ type: 'adapt' }))).toEqual([
      { ok: true, value: { min: 1, max: 2, idle: 30 } },
    ]);
    expect(started(hub.ask({ type: 'adapt', adapt: { min: 4, max: 4, idle: 30 } }))).toHaveLength(2);
    expect(answersIn(hub.ask({ type: 'adapt', adapt: null }))).toEqual([{ ok: true, value: null }]);
    after(hub, 100);
    expect(ids(hub)).toHaveLength(4);
    expect(answersIn(hub.ask({ type: 'adapt', adapt: { min: 2, max: 1, idle: 1 } }))).toMatchObject([
      { ok: false, ename: 'ValueError' },
    ]);
  });

  it('is told to whoever shows it', () => {
    const hub = clusterOf(1);
    expect(inShort(hub.ask({ type: 'adapt', adapt: ADAPT }))).toContain('adapt 1 to 3');
    expect(inShort(hub.ask({ type: 'adapt', adapt: null }))).toContain('adapt no more');
    expect(inShort(hub.ask({ type: 'adapt' })).filter((effect) => effect.startsWith('adapt'))).toEqual([]);
  });

  it('engines that do not start are not started for ever', () => {
    const hub = clusterOf(1, { adapt: { min: 2, max: 3, idle: 30 }, respawn: false });
    expect(ids(hub)).toEqual([0, 1]);
    hub.lose(1);
    expect(started(hub.endTurn())).toEqual([]);
  });

  it('before the first engine it leaves the start to whoever made the cluster', () => {
    const hub = clusterOf(0, { adapt: ADAPT });
    expect(started(hub.endTurn())).toEqual([]);
  });
});
