import { describe, expect, test } from 'vitest';
import type { JupyterHeader } from '../../protocol/jupyter-message.ts';
import { decodeFrame, encodeFrame, GatewayFrameError, type GatewayFrame } from './frames.ts';
import { JoinSocket, type JoinState, type SocketLike } from './join-socket.ts';
import type { LineEvent } from './line.ts';
import { CLOSE, readToGateway, type Welcome } from './messages.ts';
import { ReplayBuffer } from './replay-buffer.ts';

const header: JupyterHeader = {
  msg_id: 'a_1',
  msg_type: 'apply_request',
  session: 'a',
  username: 'tutti',
  date: '2026-11-25T00:00:00Z',
  version: '5.3',
};
const envelope = { target: 'js-1', header, parent_header: {}, metadata: { ü: 1 }, content: {} };
const frame: GatewayFrame = {
  channel: 'mux',
  envelopes: [envelope, { ...envelope, target: 'js-2' }],
  buffers: [new Uint8Array([1, 2, 3]), new Uint8Array(0)],
};

describe('frames', () => {
  test('come back as they were, buffers once for all messages', () => {
    const again = decodeFrame(new Uint8Array(encodeFrame(frame)));
    expect({ ...again, buffers: again.buffers.map((buffer) => [...buffer]) }).toEqual({
      ...frame,
      buffers: [[1, 2, 3], []],
    });
  });

  test('of another shape are refused: cut off anywhere, lengths that lie, no JSON', () => {
    const bytes = new Uint8Array(encodeFrame(frame));
    for (let n = 0; n < bytes.length; n++) {
      expect(() => decodeFrame(bytes.subarray(0, n)), `cut at ${String(n)}`).toThrow(GatewayFrameError);
    }
    for (let at = 0; at < 20; at++) {
      const bent = bytes.slice();
      bent[at] = (bent[at] ?? 0) ^ 0x7f;
      if (at === 2 || at === 3) continue;
      if (at === 1) bent[at] = 99;
      expect(() => decodeFrame(bent), `bent at ${String(at)}`).toThrow(GatewayFrameError);
    }
  });
});

const buffer = (...bytes: number[]) => new Uint8Array(bytes).buffer;

describe('the replay buffer', () => {
  test('holds what is not confirmed, and gives what the other side lacks', () => {
    const sent = new ReplayBuffer(10);
    for (const byte of [1, 2, 3]) sent.add(buffer(byte));
    expect(sent.confirm(1)).toBe(true);
    expect([sent.sent, sent.bytes]).toEqual([3, 2]);
    expect(sent.since(2)?.map((bytes) => new Uint8Array(bytes)[0])).toEqual([3]);
    expect(sent.since(0)).toBeNull();
    expect(sent.confirm(4)).toBe(false);
    expect(sent.confirm(1)).toBe(true);
    expect(sent.bytes).toBe(2);
  });

  test('takes one frame of any size, and no second one beyond its limit', () => {
    const sent = new ReplayBuffer(2);
    expect(sent.hasRoomFor(100)).toBe(true);
    sent.add(buffer(1, 2, 3));
    expect(sent.hasRoomFor(1)).toBe(false);
  });
});

test('what a page says is checked', () => {
  expect(readToGateway('{"type":"ack","received":3}')).toEqual({ type: 'ack', received: 3 });
  for (const text of ['', '[]', '{"type":"ack"}', '{"type":"ack","received":-1}', '{"type":"sudo"}']) {
    expect(readToGateway(text)).toBeNull();
  }
});

/** A gateway that does what the test says, and timers that run when it says so. */
function scene() {
  const sockets: { socket: SocketLike; said: unknown[]; frames: ArrayBuffer[]; ticket: string }[] = [];
  const due: (() => void)[] = [];
  const states: JoinState[] = [];
  const events: LineEvent[] = [];
  const line = new JoinSocket({
    url: 'wss://cluster.test:8090/',
    ticket: 'code',
    open: (_, [, ticket = '']) => {
      const said: unknown[] = [];
      const frames: ArrayBuffer[] = [];
      const socket: SocketLike = {
        binaryType: '',
        onopen: null,
        onmessage: null,
        onclose: null,
        send: (data) => {
          if (typeof data === 'string') said.push(JSON.parse(data));
          else frames.push(data);
        },
        close: () => undefined,
      };
      sockets.push({ socket, said, frames, ticket });
      return socket;
    },
    clock: { now: () => 1000 * sockets.length },
    timers: {
      after: (_, callback) => {
        due.push(callback);
        return () => due.splice(due.indexOf(callback), due.includes(callback) ? 1 : 0);
      },
    },
    random: () => 0.5,
    onState: (state) => states.push(state),
  });
  line.onEvents((more) => events.push(...more));
  const last = () => sockets.at(-1)!;
  const call = (f: ((event: never) => void) | null, event: unknown) => (f as (event: unknown) => void)(event);
  return {
    line,
    states,
    events,
    last,
    due,
    count: () => sockets.length,
    open: (welcome: Partial<Welcome> = {}) => {
      call(last().socket.onopen, {});
      const message: Welcome = {
        type: 'welcome',
        session: 'token',
        role: 'client',
        state: 'new',
        received: 0,
        limits: { maxMessage: 100, resumeWindow: 60 },
        ...welcome,
      };
      call(last().socket.onmessage, { data: JSON.stringify(message) });
    },
    frame: (...bytes: number[]) => call(last().socket.onmessage, { data: buffer(...bytes) }),
    cut: (code = 1006, reason = '') => call(last().socket.onclose, { code, reason }),
    retry: () => due.pop()?.(),
  };
}

describe('the join socket', () => {
  test('waits with what is sent until it is let in', () => {
    const { line, open, last } = scene();
    line.send(buffer(1));
    expect(last().frames).toEqual([]);
    open();
    expect(last().said).toEqual([{ type: 'hello', received: null }]);
    expect(last().frames).toHaveLength(1);
  });

  test('comes back after a cut with the token of its session, says what it has, and sends what the other side lacks', () => {
    const { line, open, last, frame, cut, retry, states } = scene();
    open();
    for (const byte of [1, 2, 3]) line.send(buffer(byte));
    frame(9);
    cut();
    expect(states.at(-1)).toEqual({ status: 'reconnecting', reason: 'The connection was cut.' });
    line.send(buffer(4));
    retry();
    expect(last().ticket).toBe('tutti.token.token');
    open({ state: 'resumed', received: 2 });
    expect(last().said).toEqual([{ type: 'hello', received: 1 }]);
    expect(last().frames.map((bytes) => new Uint8Array(bytes)[0])).toEqual([3, 4]);
  });

  test('where the gateway has forgotten, sends only what was never on its way, and tells when the cut was', () => {
    const { line, open, last, cut, retry, events } = scene();
    open();
    line.send(buffer(1));
    cut();
    line.send(buffer(2));
    retry();
    open({ state: 'patchy' });
    expect(last().frames.map((bytes) => new Uint8Array(bytes)[0])).toEqual([2]);
    expect(events.at(-1)).toMatchObject({ type: 'welcomed', cutAt: 1000 });
  });

  test.each([
    [CLOSE.notAdmitted, 'The join code is used.', 'The join code is used.'],
    [CLOSE.takenOver, '', 'Another tab has taken this session over.'],
  ])('a refusal (%i) is the end, with its sentence', (code, reason, sentence) => {
    const { open, cut, states, events, due } = scene();
    open();
    cut(code, reason);
    expect(states.at(-1)).toEqual({ status: 'ended', reason: sentence, left: false });
    expect(events.at(-1)).toEqual({ type: 'ended', reason: sentence });
    expect(due).toEqual([]);
  });

  test('a first connection that fails is not tried again', () => {
    const { cut, states, count } = scene();
    cut();
    expect(states.at(-1)).toMatchObject({
      status: 'ended',
      reason: expect.stringContaining('No gateway can be reached at cluster.test:8090'),
    });
    expect(count()).toBe(1);
  });

  test('what opens and says nothing is no gateway', () => {
    const { due, states } = scene();
    due.pop()?.();
    expect(states.at(-1)).toEqual({
      status: 'ended',
      left: false,
      reason:
        'What answers at cluster.test:8090 is no Tutti gateway, or one of another version than this page.',
    });
  });

  test('leaving says so to the gateway', () => {
    const { line, open, last, events } = scene();
    open();
    line.close();
    expect(last().said.at(-1)).toEqual({ type: 'leave' });
    expect(events.at(-1)).toMatchObject({ type: 'ended', reason: 'You left the cluster.' });
  });
});
