import { parseArgs } from 'node:util';
import { join } from 'node:path';
import { homedir } from 'node:os';
import { connectionFileName } from '../wire/connection-file.ts';
import { LOG_LEVELS, type LogLevel } from './log.ts';

/** What `tutti-engine` is told on its command line: the options of `ipengine` that its launchers pass, and ours. */
export interface EngineOptions {
  /** Full path of the connection file. */
  readonly file: string;
  /** Seconds to wait for it. Default 60: the controller may still be in a batch queue's hands. */
  readonly wait: number;
  /** Seconds that the controller may take to answer a registration. */
  readonly timeout: number;
  /** Overrides the connection file's `location`. */
  readonly location: string | null;
  /** The id to ask for; null: the hub's choice. */
  readonly id: number | null;
  /** Milliseconds are the hub's affair; this is how many of its pings may be missed before the engine leaves. 0:
   * it never does. */
  readonly misses: number;
  readonly logLevel: LogLevel;
  /** Append the log to `<profile>/log/` instead of stderr. */
  readonly logFile: string | null;
  readonly workDir: string | null;
  /** JavaScript text to run first, and a file of it. */
  readonly startupCommand: string | null;
  readonly startupScript: string | null;
  /** Watch over the engine from a process of its own. */
  readonly nanny: boolean;
}

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const FLAGS = {
  file: { type: 'string', short: 'f' },
  'profile-dir': { type: 'string' },
  profile: { type: 'string' },
  'cluster-id': { type: 'string' },
  'log-level': { type: 'string' },
  'log-to-file': { type: 'boolean' },
  'work-dir': { type: 'string' },
  location: { type: 'string' },
  timeout: { type: 'string' },
  wait: { type: 'string' },
  id: { type: 'string' },
  c: { type: 'string', short: 'c' },
  s: { type: 'string', short: 's' },
  mpi: { type: 'boolean' },
  debug: { type: 'boolean' },
  quiet: { type: 'boolean' },
  'no-nanny': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

/** ipengine's traits (`--IPEngine.timeout=20`) that mean something here, by the flag that says the same. */
const TRAITS: Readonly<Record<string, string>> = {
  'IPEngine.url_file': 'file',
  'IPEngine.wait_for_url_file': 'wait',
  'IPEngine.timeout': 'timeout',
  'IPEngine.location': 'location',
  'IPEngine.id': 'id',
  'IPEngine.startup_command': 'c',
  'IPEngine.startup_script': 's',
  'IPEngine.log_level': 'log-level',
  'ProfileDir.location': 'profile-dir',
};

export const USAGE = `Usage: tutti-engine [options]

A JavaScript engine for a running ipcontroller. It finds the controller by its connection file:

  -f, --file=PATH          the connection file (ipcontroller-engine.json)
  --profile-dir=DIR        or the profile in whose security/ the file is
  --profile=NAME           or the profile's name (default: default)
  --cluster-id=ID          the cluster's id, part of the file's name (default: none)
  --wait=SECONDS           how long to wait for the file (default: 60)

  --timeout=SECONDS        how long the controller may take to answer (default: 30)
  --location=HOST          the controller's host, if the file's is wrong from here
  --id=N                   the engine id to ask for
  --work-dir=DIR           where to run
  -c CODE, -s FILE         JavaScript to run first
  --mpi                    take the rank of mpiexec or srun as the id
  --log-level=LEVEL        debug, info, warn, error, or Python's number for it (default: info)
  --log-to-file            log into the profile's log/ instead of stderr
  --no-nanny               no second process that reports this one's death at once

Options of ipengine's configuration are understood as --IPEngine.timeout=20; others are passed over.
`;

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws UsageError with a sentence; 'help' and 'version' when that is all that is asked. */
export function parseOptions(argv: readonly string[], env: Environment): EngineOptions | 'help' | 'version' {
  const { flags, misses } = parse(argv);
  if (flags['help'] !== undefined) return 'help';
  if (flags['version'] !== undefined) return 'version';
  const profileDir = text(flags['profile-dir']) ?? defaultProfile(text(flags['profile']), env);
  const clusterId = text(flags['cluster-id']) ?? '';
  const rank = flags['mpi'] === undefined ? null : rankOf(env);
  return {
    file: text(flags['file']) ?? join(profileDir, 'security', connectionFileName('engine', clusterId)),
    wait: seconds('wait', flags['wait'], 60),
    timeout: seconds('timeout', flags['timeout'], 30),
    location: text(flags['location']) ?? null,
    id: flags['id'] === undefined ? rank : whole('id', flags['id']),
    misses: misses ?? 50,
    logLevel: logLevel(flags),
    logFile:
      flags['log-to-file'] === undefined
        ? null
        : join(profileDir, 'log', `tutti-engine-${String(process.pid)}.log`),
    workDir: text(flags['work-dir']) ?? null,
    startupCommand: text(flags['c']) ?? null,
    startupScript: text(flags['s']) ?? null,
    nanny: flags['no-nanny'] === undefined,
  };
}

type Flags = Record<string, string | boolean | undefined>;

function parse(argv: readonly string[]): { flags: Flags; misses: number | null } {
  const plain: string[] = [];
  let misses: number | null = null;
  for (const arg of argv) {
    const [, trait, value = ''] = /^--([A-Z]\w*\.\w+)=(.*)$/s.exec(arg) ?? [];
    if (trait === undefined) plain.push(arg);
    else if (trait === 'IPEngine.max_heartbeat_misses') misses = whole(trait, value);
    else if (TRAITS[trait] !== undefined) plain.push(`--${TRAITS[trait]}=${value}`);
  }
  try {
    const { values } = parseArgs({ args: plain, options: FLAGS, strict: true, allowPositionals: false });
    return { flags: values, misses };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

const text = (value: string | boolean | undefined) => (typeof value === 'string' ? value : undefined);

function seconds(name: string, value: string | boolean | undefined, preset: number): number {
  if (value === undefined) return preset;
  const number = Number(value);
  if (value === '' || !(number >= 0)) throw new UsageError(`--${name} takes a number of seconds`);
  return number;
}

function whole(name: string, value: string | boolean | undefined): number {
  const number = Number(value);
  if (value === '' || !Number.isInteger(number) || number < 0)
    throw new UsageError(`--${name} takes a whole number that is not negative`);
  return number;
}

function logLevel(flags: Flags): LogLevel {
  if (flags['debug'] !== undefined) return 'debug';
  if (flags['quiet'] !== undefined) return 'error';
  const given = text(flags['log-level']) ?? 'info';
  const name = given.toLowerCase().replace('warning', 'warn').replace('critical', 'error');
  const named = LOG_LEVELS.find((level) => level === name);
  if (named) return named;
  const number = Number(given);
  if (given === '' || !(number >= 0))
    throw new UsageError(`--log-level takes debug, info, warn, error or a number, not '${given}'`);
  // Python's: 10 debug, 20 info, 30 warning, 40 error.
  return LOG_LEVELS[Math.min(Math.max(Math.ceil(number / 10) - 1, 0), LOG_LEVELS.length - 1)] ?? 'info';
}

function defaultProfile(profile: string | undefined, env: Environment): string {
  const ipython = env['IPYTHONDIR'] ?? join(homedir(), '.ipython');
  return join(ipython, `profile_${profile ?? 'default'}`);
}

const RANKS = ['OMPI_COMM_WORLD_RANK', 'PMI_RANK', 'PMIX_RANK', 'SLURM_PROCID'];

function rankOf(env: Environment): number | null {
  const rank = RANKS.map((name) => env[name]).find((value) => value !== undefined);
  return rank === undefined ? null : whole('mpi', rank);
}
