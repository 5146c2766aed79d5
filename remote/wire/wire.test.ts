import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { requestOf, toBuffers } from '../../src/transport/remote/payload.ts';
import { pack } from '../../src/protocol/pack.ts';
import { reachableInterface } from './addresses.ts';
import { awaitClientConnection, awaitEngineConnection, connectionFileName } from './connection-file.ts';
import { decodeFrames, encodeFrames, FrameError } from './frames.ts';
import { Session } from './session.ts';
import { Signer } from './signer.ts';

const KEY = '6e828b7f-ea470a34da6af4af499ef8b9';
const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();
const reason = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error instanceof FrameError ? error.reason : error;
  }
  return 'accepted';
};

describe('frames', () => {
  const message = new Session('me').message('apply_request', {
    content: { name: 'ƒ' },
    metadata: { retries: 2 },
    buffers: [new Uint8Array([1, 2]), new Uint8Array(0)],
  });

  test('a message comes back as it was, with its idents', () => {
    const frames = encodeFrames(message, new Signer(KEY), [Buffer.from('js-1'), Buffer.from('client')]);
    const { idents, message: again } = decodeFrames(frames, new Signer(KEY));
    expect(idents.map(text)).toEqual(['js-1', 'client']);
    expect(again).toEqual(message);
  });

  test('the signature is the one that Python computes', () => {
    // hmac.new(b"key", b'{"a":1}{}{}{}', hashlib.sha256).hexdigest()
    const parts = ['{"a":1}', '{}', '{}', '{}'].map((part) => Buffer.from(part));
    expect(new Signer('key').sign(parts)).toBe(
      'f1128388193e4dd1aa760827bd756a1b40b627676b5efe22c0e8297919bfa218',
    );
  });

  test.each([
    ['another key', () => encodeFrames(message, new Signer('another')), 'bad-signature'],
    ['no signature', () => encodeFrames(message, new Signer('')), 'unsigned'],
    ['no delimiter', () => [Buffer.from('hello')], 'no-delimiter'],
    ['nothing after the delimiter', () => encodeFrames(message, new Signer(KEY)).slice(0, 3), 'too-short'],
  ])('%s is refused', (_, frames, expected) => {
    expect(reason(() => decodeFrames(frames(), new Signer(KEY)))).toBe(expected);
  });

  test('a changed part is refused, a message that comes again too', () => {
    const frames = encodeFrames(message, new Signer(KEY));
    const changed = frames.with(5, Buffer.from('{"code":"evil"}'));
    const signer = new Signer(KEY);
    expect(reason(() => decodeFrames(changed, signer))).toBe('bad-signature');
    expect(reason(() => decodeFrames(frames, signer))).toBe('accepted');
    expect(reason(() => decodeFrames(frames, signer))).toBe('replayed');
  });

  test('signed nonsense is refused with what is wrong', () => {
    const parts = ['[]', '{}', '{}', '{}'].map((part) => Buffer.from(part));
    const signer = new Signer(KEY);
    const frames = [Buffer.from('<IDS|MSG>'), Buffer.from(signer.sign(parts)), ...parts];
    expect(() => decodeFrames(frames, signer)).toThrow('its header is no JSON object');
  });

  test('a scheme that is no HMAC is refused', () => {
    expect(() => new Signer(KEY, 'none')).toThrow("The signature scheme 'none' is not known here");
  });
});

test("a request of Tutti's survives with its memory", () => {
  const numbers = new Float64Array([1, 2.5, -0]);
  const request = {
    method: 'apply',
    call: pack({ f: (x: number) => x + 1, args: [numbers, undefined, 3n] }, { root: '' }),
    name: 'f',
  } as const;
  const message = new Session().message('apply_request', { buffers: toBuffers(request) });
  const frames = encodeFrames(message, new Signer(KEY));
  expect(requestOf(decodeFrames(frames, new Signer(KEY)).message)).toEqual(request);
});

describe('the connection file', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tutti-wire-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const engine = {
    ssh: '',
    interface: 'tcp://127.0.0.1',
    registration: 39387,
    control: 42265,
    mux: 44551,
    task: 58241,
    iopub: 42743,
    hb_ping: 43233,
    hb_pong: 37137,
    broadcast: [33865, 57913],
    key: KEY,
    curve_serverkey: null,
    location: 'elsewhere',
    pack: 'json',
    unpack: 'json',
    signature_scheme: 'hmac-sha256',
  };
  const save = async (content: string) => {
    const path = join(folder, connectionFileName('engine', 'c1'));
    await writeFile(path, content);
    return path;
  };

  test('is read, and awaited while it is missing or half written', async () => {
    const path = await save('{"ssh": "", "inter');
    const found = awaitEngineConnection(path, { timeout: 20 });
    await save(JSON.stringify(engine));
    expect(await found).toMatchObject({ broadcast: [33865, 57913], key: KEY });
    expect(path).toMatch(/ipcontroller-c1-engine\.json$/);
  });

  test('that never comes, or is something else, is named in the error', async () => {
    await expect(awaitEngineConnection(join(folder, 'x.json'), { timeout: 0.1 })).rejects.toThrow(
      /x\.json could not be used after 0\.1 s: it is not there\. ipcontroller writes it/,
    );
    const path = await save(JSON.stringify(engine));
    await expect(awaitClientConnection(path, { timeout: 0 })).rejects.toThrow("its field 'notification'");
  });

  test('of a controller on all interfaces leads to its host, or to the loopback on it', () => {
    expect(reachableInterface('tcp://0.0.0.0', 'node7')).toBe('tcp://node7');
    expect(reachableInterface('tcp://*', hostname())).toBe('tcp://127.0.0.1');
    expect(reachableInterface('tcp://10.0.0.5', 'node7')).toBe('tcp://10.0.0.5');
  });
});
