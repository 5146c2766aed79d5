import { spawn, type ChildProcess } from 'node:child_process';

/** The programs that a browser consists of; they end together. */
export class Processes {
  readonly #running: ChildProcess[] = [];

  /** Resolves with the first group of what it says, on either channel, as soon as it says it. */
  async start(command: string, args: readonly string[], says: RegExp): Promise<string> {
    const child = this.#spawn(command, args, {});
    return new Promise((resolve, reject) => {
      let said = '';
      const hear = (chunk: Buffer): void => {
        said += chunk.toString();
        const match = says.exec(said);
        if (match) resolve(match[1] ?? '');
      };
      child.stdout?.on('data', hear);
      child.stderr?.on('data', hear);
      child.once('error', reject);
      child.once('exit', () => {
        reject(new Error(`${command} ended: ${said}`));
      });
    });
  }

  /** It says nothing that anybody waits for. `env`: besides our own. */
  startSilent(command: string, args: readonly string[], env: Readonly<Record<string, string>>): void {
    const child = this.#spawn(command, args, env);
    child.stdout?.resume();
    child.stderr?.resume();
    // Who asks it something hears that it does not answer.
    child.once('error', () => undefined);
  }

  async end(): Promise<void> {
    for (const child of this.#running.toReversed()) {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) continue;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
    }
  }

  #spawn(command: string, args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    this.#running.push(child);
    return child;
  }
}
