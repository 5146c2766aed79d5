import { spawn, type ChildProcess } from 'node:child_process';
import { builtProgram } from './built.ts';
import { childrenOf } from './ipcontroller.ts';

/** A `tutti-engine` as a user starts it. */
export class JsEngine implements AsyncDisposable {
  /** What was started: the nanny, or with `--no-nanny` the engine itself. */
  readonly process: ChildProcess;
  readonly #log: string[] = [];
  readonly #ended: Promise<number | NodeJS.Signals>;

  private constructor(child: ChildProcess) {
    this.process = child;
    this.#ended = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        resolve(code ?? signal ?? 0);
      });
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.#log.push(text));
    }
  }

  static async start(args: readonly string[], wrap: readonly string[] = []): Promise<JsEngine> {
    const [command = '', ...rest] = [...wrap, await builtProgram('tutti-engine'), ...args];
    return new JsEngine(spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  get log(): string {
    return this.#log.join('');
  }

  /** Resolves to its exit code, or to the signal that ended it. */
  get ended(): Promise<number | NodeJS.Signals> {
    return this.#ended;
  }

  /** The nanny's child, which runs user code. */
  async enginePid(): Promise<number> {
    const [pid] = await childrenOf(this.process.pid ?? 0);
    if (pid === undefined) throw new Error('This engine has no process');
    return pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill('SIGTERM');
    await this.#ended;
  }
}
