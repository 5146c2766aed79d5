import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Dealer } from 'zeromq';
import {
  awaitClientConnection,
  connectionFileName,
  urlOf,
  type ClientConnection,
} from '../wire/connection-file.ts';
import { encodeFrames } from '../wire/frames.ts';
import { Session } from '../wire/session.ts';
import { Signer } from '../wire/signer.ts';

const IPCONTROLLER = '/usr/bin/ipcontroller';
/** The system's, which has ipyparallel; a version manager's may come first in the PATH. */
export const PYTHON = '/usr/bin/python3';

/** For `describe.skipIf(!hasIpcontroller)`; `npm test` says in a sentence that these are skipped. */
export const hasIpcontroller = existsSync(IPCONTROLLER);

export interface IpcontrollerOptions {
  /** Milliseconds between heartbeats, and how many may be missed. Default: 500, 4. */
  readonly heartbeat?: { readonly period: number; readonly misses: number };
  /** Default: none (`--nodb`). */
  readonly sqlite?: boolean;
  /** More of ipcontroller's own options. */
  readonly args?: readonly string[];
  /** Default: its own. */
  readonly profileDir?: string;
  /** In front of the command, e.g. `['ip', 'netns', 'exec', 'a']`. */
  readonly wrap?: readonly string[];
  readonly ip?: string;
  readonly clusterId?: string;
  /** Whether this process can ask it, and does; not with CurveZMQ or in another network. Default: true. */
  readonly answers?: boolean;
}

/** Seconds that a Python program may take to start on a busy machine. */
const PATIENCE = 60;

/**
 * An unmodified `ipcontroller` in a temporary profile, with ports of the system's choice. It has answered
 * when `start` resolves.
 */
export class Ipcontroller implements AsyncDisposable {
  readonly profileDir: string;
  readonly process: ChildProcess;
  readonly connection: ClientConnection;
  readonly #log: string[];
  readonly #owned: boolean;

  private constructor(
    profileDir: string,
    process: ChildProcess,
    connection: ClientConnection,
    log: string[],
    owned: boolean,
  ) {
    this.profileDir = profileDir;
    this.process = process;
    this.connection = connection;
    this.#log = log;
    this.#owned = owned;
  }

  static async start(options: IpcontrollerOptions = {}): Promise<Ipcontroller> {
    const profileDir = options.profileDir ?? (await mkdtemp(join(tmpdir(), 'tutti-cluster-')));
    const { period, misses } = options.heartbeat ?? { period: 500, misses: 4 };
    const [command = '', ...args] = [
      ...(options.wrap ?? []),
      IPCONTROLLER,
      `--ip=${options.ip ?? '127.0.0.1'}`,
      `--profile-dir=${profileDir}`,
      ...(options.clusterId === undefined ? [] : [`--cluster-id=${options.clusterId}`]),
      options.sqlite === true ? '--sqlitedb' : '--nodb',
      '--log-level=INFO',
      `--HeartMonitor.period=${String(period)}`,
      `--HeartMonitor.max_heartmonitor_misses=${String(misses)}`,
      ...(options.args ?? []),
    ];
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const log: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => log.push(text));
    }
    const file = join(profileDir, 'security', connectionFileName('client', options.clusterId ?? ''));
    const died = new Promise<never>((_, reject) => {
      child.once('exit', () => reject(new Error('it ended')));
    });
    const connection = await Promise.race([awaitClientConnection(file, { timeout: PATIENCE }), died]).catch(
      (error: unknown) => {
        child.kill();
        throw new Error(`ipcontroller did not start:\n${log.join('')}`, { cause: error });
      },
    );
    const controller = new Ipcontroller(profileDir, child, connection, log, options.profileDir === undefined);
    if (options.answers ?? true) await controller.#answer();
    return controller;
  }

  get engineFile(): string {
    return join(this.profileDir, 'security', 'ipcontroller-engine.json');
  }

  get clientFile(): string {
    return join(this.profileDir, 'security', 'ipcontroller-client.json');
  }

  /** What it has logged so far. */
  get log(): string {
    return this.#log.join('');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    if (this.process.exitCode === null && this.process.signalCode === null) {
      // Its schedulers are children of its own, which a mere kill of it would leave behind.
      const children = await childrenOf(this.process.pid ?? 0);
      this.process.kill('SIGTERM');
      await ended;
      for (const pid of children) endQuietly(pid);
    }
    if (this.#owned) await rm(this.profileDir, { recursive: true, force: true });
  }

  /** Resolves when the hub answers. */
  async #answer(): Promise<void> {
    const { key, signature_scheme, registration } = this.connection;
    const socket = new Dealer({ linger: 0, receiveTimeout: PATIENCE * 1000 });
    socket.connect(urlOf(this.connection, registration));
    await socket.send(
      encodeFrames(new Session().message('connection_request'), new Signer(key, signature_scheme)),
    );
    await socket.receive();
    socket.close();
  }
}

/** Process ids of the children, and theirs, of a process; from `/proc`. */
export async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8').catch(() => '');
  const own = text.trim().split(/\s+/).filter(Boolean).map(Number);
  const theirs = await Promise.all(own.map(childrenOf));
  return [...own, ...theirs.flat()];
}

function endQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
