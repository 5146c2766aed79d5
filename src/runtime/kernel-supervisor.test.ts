import { expect, test } from 'vitest';
import type { Timers } from '../base/clock.ts';
import type { CellId, RunId } from '../protocol/ids.ts';
import type { CellRun, FromKernel, KernelEvent, ToKernel } from '../protocol/kernel-messages.ts';
import type { Link } from '../protocol/link.ts';
import { KernelSupervisor } from './kernel-supervisor.ts';

/** A kernel worker made of paper: says what the test says, remembers what it was sent. */
class PaperKernel {
  readonly sent: ToKernel[] = [];
  closed = false;
  #deliver: (batch: readonly FromKernel[]) => void = () => undefined;
  #lose: (reason: string) => void = () => undefined;
  readonly link: Link<FromKernel, ToKernel> = {
    post: (message) => this.sent.push(message),
    flush: () => undefined,
    onMessages: (handler) => (this.#deliver = handler),
    onLost: (handler) => (this.#lose = handler),
    close: () => (this.closed = true),
  };
  say(event: KernelEvent): void {
    this.#deliver([{ type: 'kernel', event }]);
  }
  submit(): void {
    this.#deliver([{ type: 'controller', message: { type: 'interrupt', engines: null } }]);
  }
  tell(...messages: FromKernel[]): void {
    this.#deliver(messages);
  }
  die(reason: string): void {
    this.#lose(reason);
  }
  get started(): string[] {
    return this.sent.flatMap((message) => (message.type === 'run-cell' ? [message.run.source] : []));
  }
}

function supervised() {
  const kernels: PaperKernel[] = [];
  const statuses: string[] = [];
  const reasons: (string | null)[] = [];
  const killed: string[] = [];
  const busy: string[] = [];
  const toController: string[] = [];
  const lostClients: string[] = [];
  const clusters: string[] = [];
  let alarm: (() => void) | null = null;
  const timers: Timers = {
    after: (_delay, callback) => {
      alarm = callback;
      return () => (alarm = null);
    },
  };
  const supervisor = new KernelSupervisor({
    launch: () => {
      const kernel = new PaperKernel();
      kernels.push(kernel);
      return kernel.link;
    },
    timers,
    grace: 2,
    onEvent: () => undefined,
    joinCluster: () => () => undefined,
    interpretScheme: async (source) => {
      await Promise.resolve();
      if (source === '(') throw new Error('The scheme cannot be read.');
      return { choose: () => 0, dispose: () => clusters.push(`${source} is forgotten`) };
    },
    openCluster: (options, clusterId, link) => {
      if (options.scheme === 'lru') throw new RangeError('no lru today');
      clusters.push(`${clusterId} opened`);
      link.onMessages((batch) => clusters.push(...batch.map(({ type }) => `${clusterId} hears ${type}`)));
      link.onLost(() => clusters.push(`${clusterId} lost its client`));
      return () => clusters.push(`${clusterId} ended`);
    },
    onSeen: () => undefined,
    onBusy: (text) => {
      busy.push(text);
    },
    onKilled: (text) => {
      killed.push(text);
    },
    onStatus: (status, reason) => {
      statuses.push(status);
      if (reason !== null) reasons.push(reason);
    },
    attachClient: (link) => {
      link.onMessages((batch) => toController.push(...batch.map((message) => message.type)));
      link.onLost((reason) => lostClients.push(reason));
    },
    readLibrary: () => Promise.resolve({ ok: false, reason: 'none here' }),
  });
  void supervisor.start();
  const kernel = () => kernels.at(-1)!;
  return {
    supervisor,
    kernels,
    kernel,
    statuses,
    reasons,
    killed,
    busy,
    toController,
    lostClients,
    clusters,
    alarm: () => alarm,
  };
}

const run = (n: number): CellRun => ({
  runId: `run-${n}` as RunId,
  cellId: `c${n}` as CellId,
  cellNumber: n,
  source: `cell ${n}`,
});
/** To the supervisor's own question. */
const answer: KernelEvent = { type: 'inspection', n: -1, found: null };
const finished = (n: number): KernelEvent => ({ type: 'cell-finished', runId: run(n).runId, status: 'ok' });

test('a kernel whose cell calls close() is replaced, and what it says after that is not heard', () => {
  const s = supervised();
  s.kernel().say({ type: 'ready' });
  s.supervisor.run(run(1));
  const [before] = s.kernels;
  before?.tell({ type: 'exit' }, { type: 'kernel', event: finished(1) });
  expect(s.kernels).toHaveLength(2);
  expect(before?.closed).toBe(true);
  expect(s.killed).toEqual(['A cell has called close(): the kernel was restarted. Its variables are gone.']);
  expect(s.statuses).toEqual(['starting', 'idle', 'busy', 'starting']);
  s.kernel().say({ type: 'ready' });
  s.supervisor.run(run(2));
  expect(s.kernel().started).toEqual(['cell 2']);
});

test('cells sent before the kernel has loaded wait for it, and run one at a time', () => {
  const s = supervised();
  s.supervisor.run(run(1));
  s.supervisor.run(run(2));
  expect(s.kernel().started).toEqual([]);
  s.kernel().say({ type: 'ready' });
  expect(s.kernel().started).toEqual(['cell 1']);
  s.kernel().say(finished(1));
  expect(s.kernel().started).toEqual(['cell 1', 'cell 2']);
  expect(s.statuses).toEqual(['starting', 'idle', 'busy', 'idle', 'busy']);
});

test('an interrupt that the kernel obeys leaves it alive; cells that waited are forgotten', () => {
  const s = supervised();
  s.kernel().say({ type: 'ready' });
  s.supervisor.run(run(1));
  s.supervisor.run(run(2));
  s.supervisor.interrupt();
  expect(s.kernel().sent.at(-1)).toEqual({ type: 'interrupt' });
  s.kernel().say({ type: 'interrupt-received' });
  s.kernel().say(answer);
  expect(s.alarm()).toBeNull();
  s.kernel().say(finished(1));
  expect(s.kernels).toHaveLength(1);
  expect(s.kernel().started).toEqual(['cell 1']);
});

test('a kernel that does not answer the interrupt within the grace is replaced, and the reader is told', () => {
  const s = supervised();
  s.kernel().say({ type: 'ready' });
  s.supervisor.run(run(1));
  s.supervisor.interrupt();
  s.alarm()!();
  expect(s.kernels).toHaveLength(2);
  expect(s.kernels[0]!.closed).toBe(true);
  expect(s.reasons.at(-1)).toMatch(/did not stop within 2 s and was restarted. Its variables are gone/);
  expect(s.killed).toEqual([s.reasons.at(-1)]);
  expect(s.lostClients).toHaveLength(1);
  s.kernel().say({ type: 'ready' });
  s.supervisor.run(run(2));
  expect(s.kernel().started).toEqual(['cell 2']);
});

test('what a replaced kernel still says is nobody’s business', () => {
  const s = supervised();
  s.kernel().say({ type: 'ready' });
  s.supervisor.run(run(1));
  s.supervisor.restart('because');
  const [old] = s.kernels;
  old!.say(finished(1));
  old!.submit();
  old!.die('late');
  expect(s.toController).toEqual([]);
  expect(s.statuses.at(-1)).toBe('starting');
});

test('a kernel that dies by itself is dead with a reason, until it is restarted', () => {
  const s = supervised();
  s.kernel().say({ type: 'ready' });
  s.kernel().die('its code did not start');
  expect(s.statuses.at(-1)).toBe('dead');
  expect(s.reasons.at(-1)).toMatch(/its code did not start/);
  s.supervisor.restart('The kernel was restarted.');
  s.kernel().say({ type: 'ready' });
  expect(s.statuses.at(-1)).toBe('idle');
});

test('the controller hears the client in the kernel', () => {
  const s = supervised();
  s.kernel().submit();
  expect(s.toController).toEqual(['interrupt']);
});

test('clusters of cells have numbers of their own, and end with the kernel', () => {
  const s = supervised();
  const message = { type: 'interrupt', engines: null } as const;
  s.kernel().tell(
    { type: 'open-cluster', cluster: 1, clusterId: 'one', options: {} },
    { type: 'controller', cluster: 1, message },
    { type: 'controller', message },
    { type: 'open-cluster', cluster: 2, clusterId: 'two', options: {} },
    { type: 'close-cluster', cluster: 1 },
    { type: 'controller', cluster: 1, message },
  );
  expect(s.clusters).toEqual(['one opened', 'one hears interrupt', 'two opened', 'one ended']);
  expect(s.toController).toEqual(['interrupt']);
  expect(s.kernel().sent.at(-1)).toEqual({ type: 'cluster-lost', cluster: 1, reason: 'it was stopped.' });
  s.supervisor.restart('because');
  expect(s.clusters.slice(4)).toEqual(['two lost its client', 'two ended']);
});

test('a cluster that cannot be started is lost, with the reason', () => {
  const s = supervised();
  s.kernel().tell({ type: 'open-cluster', cluster: 1, clusterId: 'one', options: { scheme: 'lru' } });
  expect(s.kernel().sent.at(-1)).toEqual({ type: 'cluster-lost', cluster: 1, reason: 'no lru today' });
});

test('a cluster with a scheme of its own opens when that has been read; what was said to it waits', async () => {
  const s = supervised();
  const options = { scheme: { source: 'mine' } };
  const message = { type: 'interrupt', engines: null } as const;
  s.kernel().tell(
    { type: 'open-cluster', cluster: 1, clusterId: 'one', options },
    { type: 'controller', cluster: 1, message },
    { type: 'open-cluster', cluster: 2, clusterId: 'two', options },
    { type: 'close-cluster', cluster: 2 },
    { type: 'open-cluster', cluster: 3, clusterId: 'three', options: { scheme: { source: '(' } } },
  );
  expect(s.clusters).toEqual([]);
  await expect.poll(() => s.clusters).toEqual(['one opened', 'one hears interrupt', 'mine is forgotten']);
  expect(s.kernel().sent.at(-1)).toEqual({
    type: 'cluster-lost',
    cluster: 3,
    reason: 'The scheme cannot be read.',
  });
  s.kernel().tell({ type: 'close-cluster', cluster: 1 });
  expect(s.clusters.slice(3)).toEqual(['one ended', 'mine is forgotten']);
});

test.each([
  null,
  7,
  'x',
  [],
  {},
  { type: 'nothing' },
  { type: 'kernel' },
  { type: 'kernel', event: null },
  { type: 'kernel', event: { type: 3 } },
  { type: 'controller' },
  { type: 'controller', message: null },
  { type: 'controller', message: { type: 'interrupt', engines: null }, cluster: 'x' },
  { type: 'open-cluster', cluster: 1, clusterId: 'one', options: null },
  { type: 'open-cluster', cluster: 1, clusterId: 7, options: {} },
  { type: 'open-cluster', cluster: {}, clusterId: 'one', options: {} },
  { type: 'join-cluster', cluster: 1, link: null, runId: null },
  { type: 'close-cluster' },
  { type: 'seen', n: 1, answer: null },
  { type: 'need-library', name: {} },
])('%j of a cell is nothing, and what came with it is heard', (message) => {
  const s = supervised();
  s.kernel().tell(message as unknown as FromKernel, { type: 'kernel', event: { type: 'ready' } });
  expect(s.statuses.at(-1)).toBe('idle');
  expect(s.clusters).toEqual([]);
});

test('a cluster number that is taken is not given again, and there are no clusters without end', () => {
  const s = supervised();
  const open = (cluster: number): FromKernel => ({
    type: 'open-cluster',
    cluster,
    clusterId: String(cluster),
    options: {},
  });
  s.kernel().tell(open(0), open(0));
  expect(s.clusters).toEqual(['0 opened']);
  s.kernel().tell(...Array.from({ length: 200 }, (_, i) => open(i + 1)));
  expect(s.clusters).toHaveLength(128);
  expect(s.kernel().sent.at(-1)).toMatchObject({ type: 'cluster-lost', cluster: 200 });
});

test('a kernel that has acknowledged the interrupt and then answers nothing is replaced all the same', () => {
  const s = supervised();
  s.kernel().say({ type: 'ready' });
  s.supervisor.run(run(1));
  s.supervisor.interrupt();
  s.kernel().say({ type: 'interrupt-received' });
  s.alarm()!();
  expect(s.kernels).toHaveLength(2);
  expect(s.killed).toEqual([
    'The kernel did not answer within 5 s and was restarted. Its variables are gone.',
  ]);
});

test('a cell that goes on after an interrupt that it has heard may; after a second one it may not', () => {
  const s = supervised();
  s.kernel().say({ type: 'ready' });
  s.supervisor.run(run(1));
  s.supervisor.interrupt();
  s.kernel().say({ type: 'interrupt-received' });
  s.kernel().say(answer);
  expect(s.alarm()).toBeNull();
  s.supervisor.interrupt();
  s.kernel().say({ type: 'interrupt-received' });
  s.kernel().say(answer);
  s.alarm()!();
  expect(s.kernels).toHaveLength(2);
});

test.each(['interrupt', 'beginAnew'] as const)(
  'a kernel that no cell holds and that does not answer is replaced by %s; one that answers stays',
  (how) => {
    const s = supervised();
    s.kernel().say({ type: 'ready' });
    s.supervisor[how]();
    s.kernel().say(answer);
    expect(s.alarm()).toBeNull();
    s.supervisor[how]();
    s.alarm()!();
    expect(s.kernels).toHaveLength(2);
    expect(s.killed).toHaveLength(1);
  },
);

test('a new start of everything else leaves a kernel alone that a cell holds, and the reader is told', () => {
  const s = supervised();
  s.kernel().say({ type: 'ready' });
  s.supervisor.run(run(1));
  s.supervisor.beginAnew();
  s.alarm()!();
  expect(s.kernels).toHaveLength(1);
  expect(s.busy).toEqual(['A cell holds the kernel, which does not answer. Interrupt stops it.']);
});
