import { expect, test } from 'vitest';
import type { CellId, RunId } from '../protocol/ids.ts';
import type { CellRun } from '../protocol/kernel-messages.ts';
import type { Operation, SessionData } from './session-types.ts';
import { seededRandom, type Random } from '../base/random.ts';
import { openSession } from './session.ts';
import { notebook, step, text } from './session-history.ts';

/** A reader and a kernel who do anything at any time; the kernel keeps its side of the contract, mostly. */
class Chaos {
  readonly #random: Random;
  #made = 0;
  #kernelRuns: CellRun[] = [];
  data: SessionData;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    const origin = this.#chance(0.2) ? 'elsewhere' : 'own';
    this.data = openSession({ ...notebook('a', 'b', 'm:c', 'r:d'), origin });
  }

  act(): void {
    const operation = this.#chance(0.5) ? this.#ofReader() : this.#ofKernel();
    const before = this.data;
    const result = step(before, operation);
    for (const action of result.actions) {
      if (action.type === 'send-run') this.#kernelRuns.push(action.run);
    }
    if (result.type === 'refused') expect(result.message).not.toBe('');
    else this.data = result.data;
    if (operation.type === 'cell-finished') this.#kernelRuns.shift();
    const { status } = this.data.kernel;
    if (status === 'dead' || status === 'starting') this.#kernelRuns = [];
    expect(this.#kernelRuns.length, 'runs in the kernel').toBeLessThanOrEqual(1);
  }

  /** The kernel comes up and finishes whatever it is given. */
  drain(): void {
    this.#do({ type: 'kernel-status-changed', status: 'idle', reason: null, at: 0 });
    for (let i = 0; this.data.runQueue.inFlight !== null && i < 1000; i++) {
      const { runId } = this.data.runQueue.inFlight;
      this.#do({ type: 'cell-finished', runId, status: 'ok', at: 0 });
    }
  }

  #do(operation: Operation): void {
    const result = step(this.data, operation);
    if (result.type === 'applied') this.data = result.data;
  }

  /** An earlier version: some of the cells in another order and with other texts, and one that is gone. */
  #earlier() {
    const cells = this.data.document.cells.filter(() => this.#chance(0.7)).toReversed();
    const gone = this.data.bin.slice(-1).map(({ cell }) => cell);
    return [...cells, ...gone].map((cell) => (this.#chance(0.5) ? cell : { ...cell, source: 'earlier' }));
  }

  #ofReader(): Operation {
    const id = this.#cell();
    switch (this.#pick(26)) {
      case 0:
        return {
          type: 'insert-cell',
          id: this.#fresh(),
          place: this.#place(id),
          kind: this.#kind(),
          source: 'x',
        };
      case 1:
        return { type: 'delete-cells', ids: this.#some(), spareId: this.#fresh() };
      case 2:
        return { type: 'restore-cell' };
      case 3:
        return { type: 'move-cells', ids: this.#some(), index: this.#pick(10) - 2 };
      case 4:
        return { type: 'set-kind', ids: this.#some(), kind: this.#kind() };
      case 5:
        return { type: 'set-source', id, source: this.#chance(0.2) ? '' : `s${String(this.#pick(3))}` };
      case 6:
        return { type: 'select-cell', id };
      case 7:
        return { type: 'open-markdown', id };
      case 8:
        return { type: 'clear-outputs', id: this.#chance(0.5) ? id : null };
      case 9:
        return { type: 'accept-foreign' };
      case 10:
        return { type: 'run-all', runIds: this.data.document.cells.map(() => this.#runId()) };
      case 11:
        return { type: 'cancel-queued', id };
      case 12:
        return this.#chance(0.2) ? { type: 'interrupt' } : { type: 'rename', name: 'n' };
      case 13:
      case 14:
        return { type: 'undo' };
      case 15:
        return { type: 'redo' };
      case 16:
        return {
          type: 'split-cell',
          id,
          offsets: [this.#pick(2), 1 + this.#pick(3)],
          newIds: [this.#fresh(), this.#fresh()],
        };
      case 17:
        return { type: 'merge-cells', ids: [...this.#some(), id], into: id };
      case 18:
        return { type: 'set-heading', ids: this.#some(), level: this.#pick(9) };
      case 19:
        return this.#chance(0.5)
          ? { type: 'replace-sources', sources: this.#some().map((some) => ({ id: some, source: 'y\ny' })) }
          : { type: 'set-hidden', ids: this.#some(), part: 'output', hidden: this.#chance(0.5) };
      case 20:
        return {
          type: 'paste-cells',
          cells: this.data.document.cells.slice(-2).map((cell) => ({ ...cell, id: this.#fresh() })),
          place: this.#place(id),
        };
      case 21:
        return this.#chance(0.5)
          ? { type: 'select-cells', anchor: id, active: this.#cell() }
          : { type: 'run-cells', ids: this.#some(), runIds: [this.#runId(), this.#runId(), this.#runId()] };
      case 22:
        return { type: 'restore-version', cells: this.#earlier() };
      case 23:
      case 24:
        return this.#chance(0.4)
          ? { type: 'set-source', id, source: `${'#'.repeat(1 + this.#pick(3))} heading` }
          : { type: 'set-folded', ids: this.#some(), folded: this.#chance(0.7) };
      default:
        return { type: 'run-cell', id, runId: this.#runId() };
    }
  }

  #ofKernel(): Operation {
    const runId = this.#kernelRuns[0]?.runId ?? ('r0' as RunId);
    const at = this.#made;
    switch (this.#pick(10)) {
      case 0:
        return { type: 'kernel-status-changed', status: this.#status(), reason: null, at };
      case 1:
        return this.#chance(0.3)
          ? { type: 'kernel-lost', reason: 'gone', at }
          : { type: 'autopx-changed', targets: 'all' };
      case 2:
      case 3:
        return { type: 'cell-started', runId, executionCount: at, at };
      case 4:
        return { type: 'outputs-added', runId, outputs: [text('x\n', this.#pick(3)), text('\ry')] };
      case 5:
        return { type: 'output-cleared', runId, wait: this.#chance(0.5) };
      case 6:
        return { type: 'cell-targets', runId, targets: [0] };
      default:
        return { type: 'cell-finished', runId, status: this.#chance(0.2) ? 'error' : 'ok', at };
    }
  }

  #status() {
    return (['idle', 'busy', 'idle', 'starting', 'dead'] as const)[this.#pick(5)] ?? 'idle';
  }

  #kind() {
    return (['code', 'markdown', 'raw'] as const)[this.#pick(3)] ?? 'code';
  }

  #place(id: CellId) {
    return [{ index: this.#pick(9) - 2 }, { above: id }, { below: id }][this.#pick(3)] ?? { index: 0 };
  }

  /** Mostly one that is there. */
  #cell(): CellId {
    const { cells } = this.data.document;
    return cells[this.#pick(cells.length + 1)]?.id ?? ('nowhere' as CellId);
  }

  #some(): CellId[] {
    return [this.#cell(), this.#cell(), this.#cell()].slice(this.#pick(3));
  }

  #fresh(): CellId {
    return this.#chance(0.1) ? ('a' as CellId) : (`n${String(this.#made++)}` as CellId);
  }

  #runId(): RunId {
    return `r${String(++this.#made)}` as RunId;
  }

  #pick(n: number): number {
    return Math.floor(this.#random() * n);
  }

  #chance(p: number): boolean {
    return this.#random() < p;
  }
}

test('undo to the beginning and redo to the end: the notebook is the same again', () => {
  const shape = (data: SessionData) =>
    data.document.cells.map(({ id, kind, source }) => ({ id, kind, source }));
  for (let seed = 1; seed <= 60; seed++) {
    const chaos = new Chaos(seed);
    for (let i = 0; i < 80; i++) chaos.act();
    const end = shape(chaos.data);
    let data = chaos.data;
    for (const type of ['undo', 'redo'] as const) {
      const steps = data.history[type].length;
      for (let i = 0; i < steps; i++) {
        const result = step(data, { type });
        if (result.type === 'refused') throw new Error(`seed ${String(seed)}: ${result.message}`);
        data = result.data;
      }
      expect(data.history[type]).toEqual([]);
      // The steps that chaos itself had undone are done again too; back to where it stopped.
    }
    while (data.history.undo.length > chaos.data.history.undo.length) {
      const result = step(data, { type: 'undo' });
      if (result.type === 'refused') throw new Error(`seed ${String(seed)}: ${result.message}`);
      data = result.data;
    }
    expect(shape(data), `seed ${String(seed)}`).toEqual(end);
  }
});

test('whatever reader and kernel do, the session stays sound and no run is stuck', () => {
  for (let seed = 1; seed <= 150; seed++) {
    const chaos = new Chaos(seed);
    try {
      for (let i = 0; i < 200; i++) chaos.act();
      chaos.drain();
    } catch (error) {
      throw new Error(`seed ${String(seed)}: ${String(error)}`, { cause: error });
    }
    expect(chaos.data.runQueue).toEqual({ inFlight: null, waiting: [] });
    const states = chaos.data.document.cells.map((cell) => cell.run.status);
    expect(states.filter((status) => status === 'queued' || status === 'running')).toEqual([]);
  }
});
