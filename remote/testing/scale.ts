import { setTimeout as delay } from 'node:timers/promises';
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { pack } from '../../src/protocol/pack.ts';
import type { EngineRequest } from '../../src/protocol/requests.ts';
import { applyContent, toBuffers } from '../../src/transport/remote/payload.ts';
import { childrenOf, Ipcontroller } from './ipcontroller.ts';
import { JsEngine } from './js-engine.ts';
import { RawClient } from './raw-client.ts';

const NOTHING: EngineRequest = {
  method: 'apply',
  call: pack({ f: () => 1, args: [] }, { root: '' }),
  name: 'f',
};

const PARTS = { content: applyContent(NOTHING), buffers: toBuffers(NOTHING) };

export interface ScaleOptions {
  readonly engines: number;
  readonly tasks: number;
  /** Takes what was measured, line by line. */
  readonly note: (what: string, value: string) => void;
}

/**
 * Many JavaScript engines on one ipcontroller of this machine. For function first (all join, all answer, one is
 * killed, all leave), and for what each costs; docs/SCALING.md is written from its numbers.
 */
export async function runScale(options: ScaleOptions): Promise<void> {
  const controller = await Ipcontroller.start({ heartbeat: { period: 3000, misses: 10 } });
  const client = new RawClient(controller.connection);
  const engines: JsEngine[] = [];
  try {
    await new Scale(options, controller, client, engines).run();
  } finally {
    const from = performance.now();
    await Promise.all(engines.map((engine) => engine[Symbol.asyncDispose]()));
    options.note('all engines left', `${(ms(from) / 1000).toFixed(1)} s`);
    client[Symbol.dispose]();
    await controller[Symbol.asyncDispose]();
  }
}

class Scale {
  readonly #options: ScaleOptions;
  readonly #controller: Ipcontroller;
  readonly #client: RawClient;
  readonly #engines: JsEngine[];

  constructor(options: ScaleOptions, controller: Ipcontroller, client: RawClient, engines: JsEngine[]) {
    this.#options = options;
    this.#controller = controller;
    this.#client = client;
    this.#engines = engines;
  }

  async run(): Promise<void> {
    const uuids = await this.#join();
    await this.#send(uuids);
    await this.#idle();
    await this.#lose(uuids.at(-1) ?? '');
  }

  async #join(): Promise<string[]> {
    const { engines: n, note } = this.#options;
    const before = performance.now();
    const cpu = await cpuOf(this.#controller);
    for (let i = 0; i < n; i++) {
      const args = ['--file', this.#controller.engineFile, '--log-level=warn', '--timeout=120'];
      this.#engines.push(await JsEngine.start(args));
      // A pace that two cores keep up with; launchers have a delay for it, too.
      await delay(100);
    }
    const uuids = await this.#client.waitForEngines(n);
    note(`${String(n)} engines joined`, `${(ms(before) / 1000).toFixed(1)} s`);
    const { all, most } = await cpuSince(this.#controller, cpu);
    note('  CPU of the controller for each', cpuText(all / n, most / n));
    note('memory of an engine with its nanny (PSS)', `${(await memoryOf(this.#engines)).toFixed(0)} MB`);
    note('memory of the controller (PSS)', `${(await memoryOf([this.#controller])).toFixed(0)} MB`);
    return uuids;
  }

  async #send(uuids: readonly string[]): Promise<void> {
    const { tasks, engines: n, note } = this.#options;
    const client = this.#client;
    const ask = (to: string | null) =>
      client.ask(to === null ? 'task' : 'mux', to, 'apply_request', PARTS).reply;
    const direct = (i: number) => ask(uuids[i % n] ?? null);
    await this.#measured('one direct request to each engine', n, direct);
    await this.#measured('direct requests, all at once', tasks, direct);
    await this.#measured('load-balanced tasks, all at once', tasks, () => ask(null));
    const one = await median(200, () => direct(0));
    note('one direct request after the other, each', `${one.toFixed(2)} ms`);
    const balanced = await median(200, () => ask(null));
    note('one load-balanced task after the other, each', `${balanced.toFixed(2)} ms`);
  }

  async #idle(): Promise<void> {
    const cpu = await cpuOf(this.#controller);
    const from = performance.now();
    await delay(12_000);
    const share = (await cpuSince(this.#controller, cpu)).all / ms(from);
    this.#options.note(
      'controller while all are idle (heartbeats of 3 s)',
      `${(share * 100).toFixed(1)} % of a core`,
    );
  }

  async #lose(uuid: string): Promise<void> {
    const info = await this.#client.ask('control', uuid, 'kernel_info_request').reply;
    const { pid } = info.content['tutti'] as { readonly pid: number };
    const from = performance.now();
    process.kill(pid, 'SIGKILL');
    await this.#client.noticed('unregistration', uuid);
    this.#options.note('a killed engine is reported after', `${ms(from).toFixed(0)} ms`);
  }

  async #measured(what: string, count: number, work: (i: number) => Promise<unknown>): Promise<void> {
    const engines = await this.#enginesCpu();
    const cpu = await cpuOf(this.#controller);
    const from = performance.now();
    await Promise.all(Array.from({ length: count }, (_, i) => work(i)));
    const wall = ms(from);
    const { all, most } = await cpuSince(this.#controller, cpu);
    const used = (await this.#enginesCpu()) - engines;
    const { note } = this.#options;
    note(`${what} (${String(count)})`, `${wall.toFixed(0)} ms, ${((count / wall) * 1000).toFixed(0)} per s`);
    note('  CPU of the controller for each', cpuText(all / count, most / count));
    note('  CPU of the engine for each', `${(used / count).toFixed(2)} ms`);
  }

  async #enginesCpu(): Promise<number> {
    const times = await Promise.all(this.#engines.map((engine) => cpuOf(engine)));
    return times.flat().reduce((sum, time) => sum + time, 0);
  }
}

const cpuText = (all: number, most: number) =>
  `${all.toFixed(2)} ms, of it in one process ${most.toFixed(2)} ms`;
const ms = (from: number) => performance.now() - from;

async function median(count: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const from = performance.now();
    await work();
    times.push(ms(from));
  }
  return times.sort((a, b) => a - b)[count >> 1] ?? NaN;
}

/** A process that was started here, with its children. */
type Started = Pick<JsEngine | Ipcontroller, 'process'>;

/** Milliseconds of CPU that it and each of its children have used. */
async function cpuOf({ process: { pid = 0 } }: Started): Promise<number[]> {
  return Promise.all(
    [pid, ...(await childrenOf(pid))].map(async (one) => {
      const text = await readFile(`/proc/${String(one)}/stat`, 'utf8').catch(() => '');
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      // Ticks of 10 ms in user and in system mode.
      return 10 * (Number(fields[11] ?? 0) + Number(fields[12] ?? 0));
    }),
  );
}

/** What was used since, in all, and by the process that used most: which bounds the rate. */
async function cpuSince(started: Started, before: readonly number[]): Promise<{ all: number; most: number }> {
  const used = (await cpuOf(started)).map((time, i) => time - (before[i] ?? 0));
  return { all: used.reduce((sum, time) => sum + time, 0), most: Math.max(...used) };
}

/** MB for each: memory that is shared counts in parts. */
async function memoryOf(all: readonly Started[]): Promise<number> {
  const pids = await Promise.all(
    all.map(async ({ process: { pid = 0 } }) => [pid, ...(await childrenOf(pid))]),
  );
  const sizes = await Promise.all(
    pids.flat().map(async (pid) => {
      const text = await readFile(`/proc/${String(pid)}/smaps_rollup`, 'utf8').catch(() => '');
      return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0);
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0) / 1024 / all.length;
}
