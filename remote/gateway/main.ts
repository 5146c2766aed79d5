import { readFile } from 'node:fs/promises';
import type { GatewayRole } from '../../src/transport/gateway/messages.ts';
import { awaitClientConnection } from '../wire/connection-file.ts';
import { clusterAnswers } from './cluster.ts';
import { Gateway } from './gateway.ts';
import { parseCommandLine, USAGE, UsageError, type CommandLine } from './options.ts';
import { parseTokens } from './tickets.ts';

/** The door of `tutti-gateway`. */
try {
  const options = parseCommandLine(process.argv.slice(2));
  if (typeof options === 'string') print(options === 'help' ? USAGE.trimEnd() : 'tutti-gateway 0.1.0');
  else await run(options);
} catch (error) {
  const hint = error instanceof UsageError ? '\nTry tutti-gateway --help' : '';
  process.stderr.write(`tutti-gateway: ${error instanceof Error ? error.message : String(error)}${hint}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function run(options: CommandLine): Promise<void> {
  const log = (line: string): void => {
    if (!options.quiet) print(`${new Date().toISOString()} ${line}`);
  };
  const tls = options.tls && {
    cert: await readFile(options.tls.cert, 'utf8'),
    key: await readFile(options.tls.key, 'utf8'),
  };
  const connection = await awaitClientConnection(options.file, { timeout: options.wait });
  if (!(await clusterAnswers(connection, options.wait))) {
    throw new Error(
      `The controller of ${options.file} did not answer within ${String(options.wait)} s. Is it running, and is this ` +
        'file of its last start? (Each start without --reuse has another key.)',
    );
  }
  const gateway = await Gateway.start({
    connection,
    host: options.host,
    port: options.port,
    origins: options.origins,
    ...(options.tokenFile === null ? {} : { tokens: parseTokens(await readFile(options.tokenFile, 'utf8')) }),
    ...(tls ? { tls } : {}),
    resumeWindow: options.resumeWindow,
    maxMessage: options.maxMessage,
    buffer: options.buffer,
    log,
    onJoined: (role) => {
      invite(gateway, role, options, 'For the next page:');
    },
  });
  log(`Listening at ${gateway.url} for pages of ${options.origins.join(', ')}.`);
  if (!tls && !['127.0.0.1', '::1', 'localhost'].includes(options.host)) {
    log('Others in the network can read along: there is no TLS. Give --tls-cert and --tls-key.');
  }
  invite(gateway, 'client', options, 'Open this link to run a notebook on this cluster. It works once:');
  invite(gateway, 'observer', options, 'And this one only to watch it:');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void gateway[Symbol.asyncDispose]().then(() => process.exit(0));
    });
  }
}

function invite(gateway: Gateway, role: GatewayRole, { page, publicUrl }: CommandLine, words: string): void {
  const fields = new URLSearchParams({ join: publicUrl ?? gateway.url, t: gateway.newCode(role) });
  print(`\n${words}\n  ${page}#${fields.toString()}\n`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
