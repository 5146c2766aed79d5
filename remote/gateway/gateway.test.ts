import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { CLOSE, GATEWAY_PROTOCOL, TOKEN_PROTOCOL } from '../../src/transport/gateway/messages.ts';
import { gatewayProgram } from '../testing/gateway-program.ts';
import { hasIpcontroller, Ipcontroller } from '../testing/ipcontroller.ts';
import { join, ORIGIN, type JoinedClient } from '../testing/joined-client.ts';
import { JsEngine } from '../testing/js-engine.ts';
import { clusterAnswers } from './cluster.ts';
import { Gateway, type GatewayOptions } from './gateway.ts';
import { parseCommandLine } from './options.ts';
import { Bucket } from './rate.ts';
import { parseTokens, Tickets } from './tickets.ts';

const run = promisify(execFile);
const hasOpenssl = existsSync('/usr/bin/openssl');

async function selfSigned(): Promise<{ readonly cert: string; readonly key: string }> {
  const folder = await mkdtemp(joinPath(tmpdir(), 'tutti-tls-'));
  const [cert, key] = [joinPath(folder, 'cert.pem'), joinPath(folder, 'key.pem')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const whose = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  await run('/usr/bin/openssl', ['req', '-x509', ...kind, ...whose, '-keyout', key, '-out', cert]);
  const pair = { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') };
  await rm(folder, { recursive: true });
  return pair;
}

describe('tickets', () => {
  test('a join code opens once; the session it gives opens as often as it comes back', () => {
    const tickets = new Tickets('key');
    const code = tickets.newCode('observer');
    expect(tickets.admit(code, 0)).toEqual({ role: 'observer', session: null });
    expect(tickets.admit(code, 0)).toBeNull();
    const token = tickets.sessionToken('s1', 'client', 0);
    const again = new Tickets('key');
    expect(again.admit(token, 1000)).toEqual({ role: 'client', session: 's1' });
    expect(new Tickets('another').admit(token, 1000)).toBeNull();
    expect(again.admit(`${token}x`, 1000)).toBeNull();
    expect(again.admit(token, 13 * 3600 * 1000)).toBeNull();
    again.end('s1');
    expect(again.admit(token, 1000)).toBeNull();
  });

  test('a token file has roles and comments; what it cannot be is named with its line', () => {
    const tokens = parseTokens(
      '# ours\nclient abcdefghijklmnop\n\nobserver ABCDEFGHIJKLMNOP # watch\nqrstuvwxyz012345\n',
    );
    expect([...tokens.values()]).toEqual(['client', 'observer', 'client']);
    expect(new Tickets('k', tokens).admit('abcdefghijklmnop', 0)).toEqual({ role: 'client', session: null });
    expect(() => parseTokens('\nroot abcdefghijklmnop')).toThrow('Line 2 of the token file');
    expect(() => parseTokens('client short')).toThrow('at least 16');
  });
});

test('a bucket is in debt until it has filled again', () => {
  const bucket = new Bucket(10, 5, 0);
  expect(bucket.take(10, 0)).toBe(0);
  expect(bucket.take(5, 0)).toBe(1);
  expect(bucket.take(0, 1000)).toBe(0);
});

test('the command line: defaults, and mistakes with their sentence', () => {
  expect(parseCommandLine(['--connection-file=c.json'])).toMatchObject({
    file: 'c.json',
    host: '127.0.0.1',
    port: 8090,
    page: 'http://localhost:4173/',
    resumeWindow: 60,
    maxMessage: 256 << 20,
  });
  expect(parseCommandLine(['--origin=https://a.example/x', '--listen=0.0.0.0:1'])).toMatchObject({
    origins: ['https://a.example'],
    page: 'https://a.example/',
    host: '0.0.0.0',
  });
  for (const [flag, sentence] of [
    ['--listen=nowhere', 'is no address such as'],
    ['--origin=app', 'is no origin such as'],
    ['--tls-cert=a', 'belong together'],
    ['--max-message=x', 'is no number'],
    ['--nonsense', 'nonsense'],
  ] as const) {
    expect(() => parseCommandLine([flag])).toThrow(sentence);
  }
});

/** `tutti-gateway` as a user starts it, and what its join link says. */
describe.skipIf(!hasIpcontroller)('a gateway before a real cluster', () => {
  let controller: Ipcontroller;
  let engine: JsEngine;
  let gateway: Gateway;
  const pages: JoinedClient[] = [];
  const start = (more: Partial<GatewayOptions> = {}): Promise<Gateway> =>
    Gateway.start({
      connection: controller.connection,
      host: '127.0.0.1',
      port: 0,
      origins: [ORIGIN],
      ...more,
    });
  const enter = async (
    at: Gateway | { readonly url: string } = gateway,
    ticket = at instanceof Gateway ? at.newCode() : '',
    origin = ORIGIN,
  ): Promise<JoinedClient> => {
    const page = join(at.url, ticket, { origin });
    pages.push(page);
    await page.until('open');
    await page.rc.waitForEngines(1, { timeout: 30 });
    return page;
  };
  beforeAll(async () => {
    controller = await Ipcontroller.start({ sqlite: true });
    engine = await JsEngine.start(['--file', controller.engineFile]);
    gateway = await start();
    await enter();
  }, 90_000);
  afterAll(async () => {
    for (const page of pages) page.socket.close();
    await gateway[Symbol.asyncDispose]();
    await engine[Symbol.asyncDispose]();
    await controller[Symbol.asyncDispose]();
  });

  test.each([
    ['a wrong code', 'nonsense', ORIGIN, /The join code is wrong or used, or the session is over/],
    ['no code', '', ORIGIN, /The join code is wrong/],
    ['a page of elsewhere', null, 'https://evil.test', /takes no pages of https:\/\/evil\.test/],
  ])('%s is refused with a sentence', async (_, ticket, origin, sentence) => {
    const page = join(gateway.url, ticket ?? gateway.newCode(), { origin });
    await expect(page.until('open')).rejects.toThrow(sentence);
  });

  test('who tries too often is made to wait', async () => {
    await using strict = await start();
    for (let i = 0; i < 11; i++)
      await join(strict.url, 'nonsense')
        .until('open')
        .catch(() => undefined);
    await expect(join(strict.url, strict.newCode()).until('open')).rejects.toThrow(
      /Too many tries\. Wait \d+ s/,
    );
  });

  test('a connection file with another key is found out', async () => {
    expect(await clusterAnswers(controller.connection, 20)).toBe(true);
    const forged = { ...controller.connection, key: 'another' };
    expect(await clusterAnswers(forged, 0.5)).toBe(false);
  });

  test('two pages share the cluster, each with its own output', async () => {
    const [a, b] = [await enter(), await enter()];
    const [x, y] = [
      a.rc.at(0).execute('console.log("for a"); shared = 1'),
      b.rc.at(0).execute('console.log("for b")'),
    ];
    await Promise.all([x, y]);
    expect([x.stdout, y.stdout]).toEqual(['for a\n', 'for b\n']);
    expect(await b.rc.at(0).pull('shared')).toBe(1);
  });

  test('an observer sees engines and queues, and runs nothing', async () => {
    const page = await enter(gateway, gateway.newCode('observer'));
    expect(await page.rc.queueStatus()).toMatchObject({ 0: { queue: 0 } });
    await expect(page.rc.at(0).execute('1')).rejects.toThrow(/as an observer/);
    // Whoever bends the page is refused by the gateway.
    const cut = new Promise<number>((resolve) => page.wire().once('close', (code) => resolve(code)));
    page.cluster.interruptEngines([0]);
    expect(await cut).toBe(CLOSE.badMessage);
  });

  test('a cut in the middle of work loses nothing', async () => {
    const page = await enter();
    const work = page.rc.at(0).execute('for (let i = 0; i < 20; i++) { console.log(i); await sleep(0.02); }');
    await new Promise<void>((resolve) => work.jobs[0]!.onEvent(() => resolve()));
    page.wire().terminate();
    await page.until('reconnecting');
    await work;
    expect(work.stdout).toBe(Array.from({ length: 20 }, (_, i) => `${String(i)}\n`).join(''));
    expect(page.states.at(-1)).toMatchObject({ status: 'open', welcome: { state: 'resumed' } });
  });

  test('a page that was reloaded within the window finds the result that came meanwhile', async () => {
    const page = await enter();
    const work = page.rc.at(0).apply(async () => {
      await sleep(0.3);
      return 'later';
    });
    const [msgId] = work.msgIds;
    await new Promise<void>((resolve) => work.jobs[0]!.onAssigned(resolve));
    await page.rc.queueStatus();
    const token = page.token();
    page.vanish();
    const again = await enter(gateway, token);
    expect(await again.rc.getResult(msgId)).toBe('later');
  });

  test('after the window, the hub still knows', async () => {
    await using hasty = await start({ resumeWindow: 0.05, log: (line) => log.push(line) });
    const log: string[] = [];
    const page = await enter(hasty);
    const work = page.rc.at(0).apply(() => 6 * 7);
    const [msgId] = work.msgIds;
    await work;
    const token = page.token();
    page.vanish();
    await expect.poll(() => log.join()).toMatch(/is over\./);
    const again = await enter(hasty, token);
    expect(again.states.find((state) => state.status === 'open')).toMatchObject({
      welcome: { state: 'new' },
    });
    expect(await again.rc.getResult(msgId)).toBe(42);
  });

  test('a gateway that was stopped and started again is found; what ran meanwhile has its result', async () => {
    const first = await start();
    const page = await enter(first);
    const port = Number(new URL(first.url).port);
    const work = page.rc.at(0).apply(async () => {
      await sleep(0.5);
      return 'done';
    });
    await new Promise<void>((resolve) => work.jobs[0]!.onAssigned(resolve));
    await page.rc.queueStatus();
    await first[Symbol.asyncDispose]();
    expect(await page.until('reconnecting')).toMatchObject({ reason: 'The gateway was stopped.' });
    await using second = await start({ port });
    expect(await work).toBe('done');
    expect(second.url).toBe(first.url);
    expect(await page.rc.at(0).apply(() => 'again')).toBe('again');
  });

  test('tutti-gateway, killed and started again: the link that it printed was enough', async () => {
    const first = await gatewayProgram(controller);
    const page = await enter({ url: first.url }, first.code);
    const { port } = new URL(first.url);
    first.child.kill('SIGKILL');
    await page.until('reconnecting');
    const work = page.rc.at(0).apply(() => 'sent meanwhile');
    const second = await gatewayProgram(controller, { port: Number(port) });
    expect(await work).toBe('sent meanwhile');
    page.socket.close();
    const ended = new Promise((resolve) => second.child.once('exit', resolve));
    second.child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  test('what the hub remembers is queried, run again and purged', async () => {
    const { rc } = await enter();
    const ar = rc.at(0).apply((x: number) => x * 7, 6);
    expect(await ar).toBe(42);
    const [msgId = ''] = ar.msgIds;
    const [record] = await rc.dbQuery({ msgId });
    expect(record).toMatchObject({ msgId, engineUuid: expect.stringMatching(/^js-/) as string });
    const again = rc.resubmit(ar);
    expect(await again).toBe(42);
    expect(again.msgIds).not.toEqual(ar.msgIds);
    await rc.purgeHubResults(ar);
    expect(await rc.dbQuery({ msgId })).toEqual([]);
  });

  test.skipIf(!hasOpenssl)('TLS: a page that trusts the certificate joins, another does not', async () => {
    const { cert, key } = await selfSigned();
    await using safe = await start({ tls: { cert, key } });
    expect(safe.url).toMatch(/^wss:/);
    const page = join(safe.url, safe.newCode(), { ca: cert });
    pages.push(page);
    await page.until('open');
    await page.rc.waitForEngines(1, { timeout: 30 });
    expect(await page.rc.at(0).apply(() => 'through TLS')).toBe('through TLS');
    const strange = join(safe.url, safe.newCode());
    await expect(strange.until('open')).rejects.toThrow(/if the browser warns of a certificate, accept it/);
  });

  test('leaving ends the session: its token opens nothing', async () => {
    const page = await enter();
    const token = page.token();
    const work = page.rc.at(0).apply(() => sleep(0.2));
    await page.rc.queueStatus();
    page.socket.close();
    await expect(work).rejects.toThrow(/You left the cluster/);
    await expect(join(gateway.url, token).until('open')).rejects.toThrow(/the session is over/);
  });

  test('too big a message: refused here with a sentence, cut off there if it is sent all the same', async () => {
    await using small = await start({ maxMessage: 1 << 20 });
    const page = await enter(small);
    await expect(page.rc.at(0).push({ big: new Uint8Array(2 << 20) })).rejects.toThrow(
      /is 2\.1 MiB big, and the gateway takes 1\.0 MiB at most/,
    );
    const raw = new WebSocket(small.url, [GATEWAY_PROTOCOL, `${TOKEN_PROTOCOL}${small.newCode()}`], {
      origin: ORIGIN,
    });
    const code = await new Promise((resolve) => {
      raw.once('open', () => raw.send(new Uint8Array(3 << 20)));
      raw.once('close', resolve);
    });
    expect(code).toBe(CLOSE.tooBig);
  });

  test('what is no message of ours is refused with a sentence', async () => {
    const raw = new WebSocket(gateway.url, [GATEWAY_PROTOCOL, `${TOKEN_PROTOCOL}${gateway.newCode()}`], {
      origin: ORIGIN,
    });
    const closed = await new Promise((resolve) => {
      raw.once('open', () => raw.send('{"type":"sudo"}'));
      raw.once('close', (code, reason) => resolve([code, reason.toString()]));
    });
    expect(closed).toEqual([CLOSE.badMessage, expect.stringContaining('does not understand')]);
  });

  test('a slow reader loses output first, and is told; its results come', async () => {
    await using tight = await start({ buffer: 64 << 10 });
    const page = await enter(tight);
    const socket = page.wire();
    const work = page.rc
      .at(0)
      .execute(
        'for (let i = 0; i < 400; i++) { console.log("x".repeat(1000)); if (i % 20 === 0) await sleep(0.001); }',
      );
    await new Promise<void>((resolve) => work.jobs[0]!.onAssigned(resolve));
    socket.pause();
    const other = await enter(tight);
    // Runs behind it: when this has its result, the other's is on its way.
    await other.rc.at(0).execute('1');
    socket.resume();
    await work;
    await expect.poll(() => page.notices.join()).toMatch(/\d+ messages of output were dropped/);
    expect(work.stdout.length).toBeLessThan(400 * 1001);
    expect(await page.rc.at(0).apply(() => 'still here')).toBe('still here');
  });
});

declare const sleep: (seconds: number) => Promise<void>;
