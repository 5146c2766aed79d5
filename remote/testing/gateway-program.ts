import { spawn, type ChildProcess } from 'node:child_process';
import { builtProgram } from './built.ts';
import type { Ipcontroller } from './ipcontroller.ts';
import { ORIGIN } from './joined-client.ts';

/** A `tutti-gateway` as a user starts it, and the link that it printed. */
export interface GatewayProgram {
  readonly child: ChildProcess;
  readonly url: string;
  readonly code: string;
}

export interface GatewayProgramOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default: any that is free. */
  readonly port?: number;
  /** In front of the command. */
  readonly wrap?: readonly string[];
}

/** @throws Error when it ends before it has printed a link. */
export async function gatewayProgram(
  { clientFile }: Ipcontroller,
  { host = '127.0.0.1', port = 0, wrap = [] }: GatewayProgramOptions = {},
): Promise<GatewayProgram> {
  const [command, ...args] = [
    ...wrap,
    await builtProgram('tutti-gateway'),
    `--connection-file=${clientFile}`,
    `--listen=${host}:${String(port)}`,
    `--origin=${ORIGIN}`,
    '--quiet',
  ];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  // It prints more links later on, and must be able to.
  const link = await new Promise<string>((resolve, reject) => {
    let printed = '';
    child.once('exit', () => {
      reject(new Error(`tutti-gateway has ended: ${printed}`));
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      const [, found] = /http\S+#(join=\S+)\n/.exec(printed) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  const fields = new URLSearchParams(link);
  return { child, url: fields.get('join') ?? '', code: fields.get('t') ?? '' };
}
