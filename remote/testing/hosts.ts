import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

const run = (...command: readonly string[]) => {
  const [program = '', ...args] = command;
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return { isDone: status === 0, why: stderr };
};

/** Whether this process may make network namespaces; else why not, as a sentence. */
export function hostsRefused(): string | null {
  if (process.platform !== 'linux') return 'Network namespaces are a feature of Linux.';
  const name = `tutti-try-${String(process.pid)}`;
  const made = run('ip', 'netns', 'add', name);
  if (!made.isDone) return `\`ip netns\` is not permitted here, or iproute2 is missing: ${made.why.trim()}`;
  run('ip', 'netns', 'del', name);
  return null;
}

/**
 * Hosts of a network of their own on this machine: a network namespace for each, joined by a bridge in one
 * more. What runs on one sees the others by their addresses only.
 */
export class Hosts implements Disposable {
  readonly #prefix: string;
  readonly #switch: string;
  readonly #names: readonly string[];

  /** At most 200, named by letters. */
  constructor(names: readonly string[]) {
    // Of this process, so that two runs do not meet. Interfaces have names of at most 15 letters.
    this.#prefix = `t${String(process.pid % 100_000)}`;
    this.#switch = `${this.#prefix}-switch`;
    this.#names = names;
    this.#must('ip', 'netns', 'add', this.#switch);
    this.#onSwitch('ip', 'link', 'add', 'bridge', 'type', 'bridge');
    this.#onSwitch('ip', 'link', 'set', 'bridge', 'up');
    for (const name of names) this.#join(name);
  }

  /** Gives this process a cable to that network, too. */
  joinHere(): void {
    const device = `${this.#prefix}-here`;
    this.#must('ip', 'link', 'add', device, 'type', 'veth', 'peer', 'name', 'to-here', 'netns', this.#switch);
    this.#onSwitch('ip', 'link', 'set', 'to-here', 'master', 'bridge', 'up');
    this.#must('ip', 'address', 'add', '10.77.0.9/24', 'dev', device);
    this.#must('ip', 'link', 'set', device, 'up');
  }

  /** The address of a host. */
  address(name: string): string {
    return `10.77.0.${String(this.#names.indexOf(name) + 10)}`;
  }

  /** In front of a command, to run it there. */
  on(name: string): readonly string[] {
    return ['ip', 'netns', 'exec', `${this.#prefix}-${name}`];
  }

  /** Pulls the host's cable. */
  cutOff(name: string): void {
    this.#onSwitch('ip', 'link', 'set', `to-${name}`, 'down');
  }

  putBack(name: string): void {
    this.#onSwitch('ip', 'link', 'set', `to-${name}`, 'up');
  }

  /** Resolves when one host reaches another, which takes a moment after a change of the bridge. */
  async reached(from: string, to: string): Promise<void> {
    const probe = `require('net').connect(9, '${this.address(to)}').on('error', (e) => process.exit(e.code === 'ECONNREFUSED' ? 0 : 1)).setTimeout(500, () => process.exit(1))`;
    for (;;) {
      if (run(...this.on(from), process.execPath, '-e', probe).isDone) return;
      await delay(100);
    }
  }

  [Symbol.dispose](): void {
    for (const name of [...this.#names.map((host) => `${this.#prefix}-${host}`), this.#switch]) {
      run('ip', 'netns', 'del', name);
    }
  }

  #join(name: string): void {
    const namespace = `${this.#prefix}-${name}`;
    this.#must('ip', 'netns', 'add', namespace);
    this.#onSwitch(
      'ip',
      'link',
      'add',
      `to-${name}`,
      'type',
      'veth',
      'peer',
      'name',
      'eth0',
      'netns',
      namespace,
    );
    this.#onSwitch('ip', 'link', 'set', `to-${name}`, 'master', 'bridge', 'up');
    this.#must(...this.on(name), 'ip', 'address', 'add', `${this.address(name)}/24`, 'dev', 'eth0');
    for (const device of ['eth0', 'lo']) this.#must(...this.on(name), 'ip', 'link', 'set', device, 'up');
  }

  #onSwitch(...command: readonly string[]): void {
    this.#must('ip', 'netns', 'exec', this.#switch, ...command);
  }

  #must(...command: readonly string[]): void {
    const { isDone, why } = run(...command);
    if (!isDone) throw new Error(`${command.join(' ')}: ${why}`);
  }
}
