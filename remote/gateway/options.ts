import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connectionFileName } from '../wire/connection-file.ts';

/** What `tutti-gateway` is told on its command line. */
export interface CommandLine {
  /** Full path of the client's connection file. */
  readonly file: string;
  /** Seconds to wait for it. */
  readonly wait: number;
  readonly host: string;
  readonly port: number;
  readonly origins: readonly string[];
  /** Where the notebook page is, for join links. */
  readonly page: string;
  /** How pages reach this gateway; null: as it listens. */
  readonly publicUrl: string | null;
  readonly tokenFile: string | null;
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** Seconds. */
  readonly resumeWindow: number;
  /** Bytes. */
  readonly maxMessage: number;
  readonly buffer: number;
  readonly quiet: boolean;
}

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const FLAGS = {
  'connection-file': { type: 'string' },
  'profile-dir': { type: 'string' },
  profile: { type: 'string' },
  'cluster-id': { type: 'string' },
  wait: { type: 'string' },
  listen: { type: 'string' },
  origin: { type: 'string', multiple: true },
  page: { type: 'string' },
  'public-url': { type: 'string' },
  'token-file': { type: 'string' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  'resume-window': { type: 'string' },
  'max-message': { type: 'string' },
  buffer: { type: 'string' },
  quiet: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

/** Where `npm start` serves the notebook. */
const DEFAULT_ORIGINS = ['http://localhost:4173', 'http://127.0.0.1:4173'];

export const USAGE = `Usage: tutti-gateway [options]

Lets notebook pages use a running ipcontroller, and prints a link with which one page can join.

  --connection-file=PATH   the client's connection file (ipcontroller-client.json)
  --profile-dir=DIR        or the profile in whose security/ it is
  --profile=NAME           or the profile's name (default: default)
  --cluster-id=ID          the cluster's id, part of the file's name (default: none)
  --wait=SECONDS           how long to wait for the file (default: 60)

  --listen=HOST:PORT       where to listen (default: 127.0.0.1:8090)
  --tls-cert=PEM --tls-key=PEM   speak TLS; needed wherever pages are not on this machine
  --public-url=URL         how pages reach it, for the link (wss://host/path; default: as it listens)

  --origin=ORIGIN          pages that may connect, e.g. https://app.example; repeat it for more
                           (default: ${DEFAULT_ORIGINS[0] ?? ''}, where npm start serves the notebook)
  --page=URL               the notebook page, for the link (default: the first origin)
  --token-file=PATH        lines 'client TOKEN' or 'observer TOKEN': codes that open more than once

  --resume-window=SECONDS  how long a page may be away and lose nothing (default: 60)
  --max-message=MIB        the largest message of a page (default: 256)
  --buffer=MIB             what is kept for a page that is away or slow (default: 64)
  --quiet                  print the link and nothing else
  -h, --help   --version
`;

/** Gives 'help' or 'version' when that is asked. @throws UsageError with a sentence. */
export function parseCommandLine(args: readonly string[]): CommandLine | 'help' | 'version' {
  const { values } = parse(args);
  if (values.help) return 'help';
  if (values.version) return 'version';
  const origins = (values.origin ?? []).map(readOrigin);
  const [host, port] = readAddress(values.listen ?? '127.0.0.1:8090');
  const { 'tls-cert': cert, 'tls-key': key } = values;
  if ((cert === undefined) !== (key === undefined)) {
    throw new UsageError('--tls-cert and --tls-key belong together: give both.');
  }
  const page = values.page ?? `${origins.find((origin) => origin !== '*') ?? DEFAULT_ORIGINS[0] ?? ''}/`;
  if (!URL.canParse(page)) throw new UsageError(`--page=${page} is no address such as https://app.example/.`);
  return {
    file: fileOf(values),
    wait: readNumber('wait', values.wait, 60),
    host,
    port,
    origins: origins.length > 0 ? origins : DEFAULT_ORIGINS,
    page,
    publicUrl: values['public-url'] === undefined ? null : readPublicUrl(values['public-url']),
    tokenFile: values['token-file'] ?? null,
    tls: cert === undefined || key === undefined ? null : { cert, key },
    resumeWindow: readNumber('resume-window', values['resume-window'], 60),
    maxMessage: readNumber('max-message', values['max-message'], 256) * 1048576,
    buffer: readNumber('buffer', values.buffer, 64) * 1048576,
    quiet: values.quiet === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS, strict: true, allowPositionals: false });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

interface Places {
  readonly 'connection-file'?: string;
  readonly 'profile-dir'?: string;
  readonly profile?: string;
  readonly 'cluster-id'?: string;
}

function fileOf(values: Places): string {
  if (values['connection-file'] !== undefined) return values['connection-file'];
  const ipython = process.env['IPYTHONDIR'] ?? join(homedir(), '.ipython');
  const profile = values['profile-dir'] ?? join(ipython, `profile_${values.profile ?? 'default'}`);
  return join(profile, 'security', connectionFileName('client', values['cluster-id'] ?? ''));
}

function readAddress(text: string): [string, number] {
  const [, host, port] = /^(?:(\[[^\]]+\]|[^:]*):)?(\d+)$/.exec(text) ?? [];
  if (port === undefined || Number(port) > 65535) {
    throw new UsageError(`--listen=${text} is no address such as 127.0.0.1:8090 or 0.0.0.0:8090.`);
  }
  return [(host ?? '127.0.0.1').replace(/^\[(.*)\]$/, '$1'), Number(port)];
}

function readOrigin(text: string): string {
  if (text === '*') return text;
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`--origin=${text} is no origin such as https://app.example (or * for all pages).`);
  }
  return url.origin;
}

function readPublicUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^wss?:$/.test(url.protocol)) {
    throw new UsageError(`--public-url=${text} is no address such as wss://cluster.example/gateway.`);
  }
  return text;
}

function readNumber(name: string, text: string | undefined, otherwise: number): number {
  const number = text === undefined ? otherwise : Number(text);
  if (Number.isFinite(number) && number >= 0 && text !== '') return number;
  throw new UsageError(`--${name}=${text ?? ''} is no number of at least 0.`);
}
