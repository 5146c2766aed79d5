import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { reachableInterface } from './addresses.ts';

/**
 * The files that `ipcontroller` writes into `<profile>/security/`: where its sockets are, and the cluster's key
 * (who can read the file can run code on every engine; it is written with mode 600).
 */
const Port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535));

const common = {
  /** `tcp://127.0.0.1`, without a port. */
  interface: v.pipe(v.string(), v.regex(/^\w+:\/\/.+/, 'is no address such as tcp://127.0.0.1')),
  /** The controller's host, for addresses that mean "all interfaces". */
  location: v.optional(v.string(), ''),
  key: v.string(),
  signature_scheme: v.optional(v.string(), 'hmac-sha256'),
  pack: v.optional(v.literal('json'), 'json'),
  unpack: v.optional(v.literal('json'), 'json'),
  curve_serverkey: v.optional(v.nullable(v.string()), null),
  ssh: v.optional(v.nullable(v.string()), ''),
  registration: Port,
  control: Port,
  mux: Port,
  task: Port,
  iopub: Port,
};

const EngineFile = v.object({
  ...common,
  hb_ping: Port,
  hb_pong: Port,
  broadcast: v.pipe(v.array(Port), v.minLength(1)),
});
const ClientFile = v.object({
  ...common,
  notification: Port,
  broadcast: Port,
  task_scheme: v.optional(v.string(), 'leastload'),
});

export type EngineConnection = v.InferOutput<typeof EngineFile>;
export type ClientConnection = v.InferOutput<typeof ClientFile>;

export class ConnectionFileError extends Error {
  override readonly name = 'ConnectionFileError';
}

export interface AwaitOptions {
  /** Seconds to wait for the file; 0: it must be there. */
  readonly timeout: number;
  /** Overrides the file's `location`. */
  readonly location?: string;
}

/** Engines use `ipcontroller-engine.json`, or with a cluster id `ipcontroller-<id>-engine.json`. */
export function connectionFileName(kind: 'engine' | 'client', clusterId: string): string {
  return `ipcontroller${clusterId === '' ? '' : `-${clusterId}`}-${kind}.json`;
}

/** @throws ConnectionFileError, with a sentence that names the file. */
export function awaitEngineConnection(path: string, options: AwaitOptions): Promise<EngineConnection> {
  return awaitConnection(path, EngineFile, options);
}

/** @throws ConnectionFileError, with a sentence that names the file. */
export function awaitClientConnection(path: string, options: AwaitOptions): Promise<ClientConnection> {
  return awaitConnection(path, ClientFile, options);
}

/** The address of one of the ports in the file. */
export function urlOf(connection: EngineConnection | ClientConnection, port: number): string {
  return `${connection.interface}:${String(port)}`;
}

const POLL = 0.1;

/** Started at the same moment as its controller, a program finds no file, or half of one. */
async function awaitConnection<T extends EngineConnection | ClientConnection>(
  path: string,
  schema: v.GenericSchema<unknown, T>,
  { timeout, location }: AwaitOptions,
): Promise<T> {
  for (let waited = 0; ; waited += POLL) {
    const found = await read(path, schema);
    if (typeof found !== 'string') return resolved(found, location);
    if (waited >= timeout) throw new ConnectionFileError(sentence(path, found, timeout));
    await delay(POLL * 1000);
  }
}

/** The connection, or why there is none. */
async function read<T>(path: string, schema: v.GenericSchema<unknown, T>): Promise<T | string> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'it is not there' : String(error);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return 'it is no JSON';
  }
  const parsed = v.safeParse(schema, json);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  return `its field '${v.getDotPath(issue) ?? ''}' is not as ipcontroller 7 writes it (${issue.message})`;
}

function resolved<T extends EngineConnection | ClientConnection>(found: T, location?: string): T {
  return { ...found, interface: reachableInterface(found.interface, location ?? found.location) };
}

function sentence(path: string, why: string, timeout: number): string {
  const waited = timeout > 0 ? ` after ${String(timeout)} s` : '';
  return (
    `The connection file ${path} could not be used${waited}: ${why}. ` +
    'ipcontroller writes it when it starts; is it running, with the same profile and cluster id?'
  );
}
