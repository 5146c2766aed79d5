import { describe, expect, test } from 'vitest';
import type { EngineUuid, MsgId } from '../../src/protocol/ids.ts';
import type { JsonObject } from '../../src/protocol/jupyter-message.ts';
import { pack } from '../../src/protocol/pack.ts';
import { NEVER_RAN, type Outcome } from '../../src/protocol/replies.ts';
import { applyContent, eventOf, replyOf, toBuffers } from '../../src/transport/remote/payload.ts';
import { Session } from '../wire/session.ts';
import { Exchange } from './exchange.ts';
import type { Channel, ExchangeEffect } from './exchange-effects.ts';
import { showValue, signalNamed } from './host-facts.ts';

const UUID = 'js-1';
const OK: Outcome = { status: 'ok', value: pack(null) };
const FAILED: Outcome = {
  status: 'error',
  error: {
    ename: 'RangeError',
    evalue: 'x',
    traceback: ['RangeError: x'],
    frames: [],
    engineInfo: { engineId: 3, engineUuid: UUID as EngineUuid, method: 'execute' },
  },
};

/** An exchange with what it tells: one short line for each effect. */
class Desk {
  readonly exchange = new Exchange({
    identity: { id: 3, uuid: UUID },
    facts: { host: 'here' },
    showValue,
    signalNamed,
  });
  readonly session = new Session('client');
  effects: readonly ExchangeEffect[] = [];

  ask(
    type: string,
    content: JsonObject = {},
    more: { channel?: Channel; buffers?: Uint8Array[]; metadata?: JsonObject } = {},
  ) {
    const { channel = 'shell', ...parts } = more;
    const message = this.session.message(type, { content, ...parts });
    this.effects = this.exchange.heard(channel, [Buffer.from('client')], message);
    return message.header.msg_id as MsgId;
  }

  execute(code: string, content: JsonObject = {}) {
    return this.ask('execute_request', { code, silent: false, ...content });
  }

  ends(msgId: MsgId, outcome: Outcome = OK) {
    const facts = { ...NEVER_RAN, started: 0, executionCount: 1 };
    this.effects = this.exchange.said({ type: 'reply', reply: { msgId, outcome, facts } });
  }

  get lines(): string[] {
    return this.effects.map((effect) => {
      if (effect.type === 'engine') return `engine ${effect.message.type}`;
      if (effect.type === 'publish')
        return `publish ${effect.draft.type} ${(effect.draft.content['execution_state'] ?? '') as string}`.trim();
      if (effect.type === 'reply')
        return `${effect.channel} ${effect.draft.type} ${String(effect.draft.content['status'])}`;
      return effect.type;
    });
  }

  get reply(): JsonObject {
    const found = this.effects.find((effect) => effect.type === 'reply');
    if (!found) throw new Error(`no reply in: ${this.lines.join(', ')}`);
    return found.draft.content;
  }
}

describe('a request', () => {
  test('is said to run when it does: the second one after the reply to the first', () => {
    const desk = new Desk();
    const first = desk.execute('1');
    expect(desk.lines).toEqual(['engine request', 'publish status busy', 'publish execute_input']);
    const second = desk.execute('2');
    expect(desk.lines).toEqual(['engine request']);
    desk.ends(first);
    expect(desk.lines).toEqual([
      'shell execute_reply ok',
      'publish status idle',
      'publish status busy',
      'publish execute_input',
    ]);
    desk.ends(second, FAILED);
    expect(desk.lines).toEqual(['publish error', 'shell execute_reply error', 'publish status idle']);
  });

  test('of ours is answered with its payload; what Jupyter has no message for travels as data_pub', () => {
    const desk = new Desk();
    const request = { method: 'pull', names: 'a' } as const;
    const msgId = desk.ask('apply_request', applyContent(request), { buffers: toBuffers(request) });
    const [handed] = desk.effects;
    expect(handed).toMatchObject({ type: 'engine', message: { type: 'request', request } });
    const progress = { type: 'progress', done: 1, total: 2 } as const;
    const [said] = desk.exchange.said({ type: 'event', msgId, event: progress });
    expect(said).toMatchObject({ type: 'publish', draft: { type: 'data_pub' } });
    if (said?.type === 'publish') expect(eventOf(said.draft as never)).toEqual(progress);
    desk.ends(msgId);
    const reply = desk.effects.find((effect) => effect.type === 'reply');
    expect(replyOf(reply?.draft as never).outcome).toEqual(OK);
  });

  test('whose value cannot leave the machine has failed, and says where and what to do', () => {
    const desk = new Desk();
    const request = { method: 'pull', names: 'a' } as const;
    const msgId = desk.ask('apply_request', applyContent(request), { buffers: toBuffers(request) });
    desk.ends(msgId, { status: 'ok', value: pack({ parts: [1, new Map([['m', new Blob(['x'])]])] }) });
    expect(desk.reply['status']).toBe('error');
    const reply = desk.effects.find((effect) => effect.type === 'reply');
    const evalue =
      'result.parts[1].get("m") is a Blob, which cannot be copied to another machine. Send its bytes: await blob.arrayBuffer()';
    expect(replyOf(reply?.draft as never).outcome).toMatchObject({
      status: 'error',
      error: { ename: 'DataCloneError', evalue, engineInfo: { engineId: 3 } },
    });
    const event = { type: 'data', values: { big: new Uint8Array(new SharedArrayBuffer(4)) } } as const;
    const [said] = desk.exchange.said({ type: 'event', msgId: desk.execute('1'), event });
    expect(said).toMatchObject({
      draft: {
        type: 'stream',
        content: { text: expect.stringContaining('big is shared memory') as unknown },
      },
    });
    const late = { type: 'stream', name: 'stdout', text: 'x', isLate: true } as const;
    const [marked] = desk.exchange.said({ type: 'event', msgId: desk.execute('1'), event: late });
    expect(marked).toMatchObject({ draft: { type: 'stream', metadata: { engine: UUID, tutti_late: true } } });
  });

  test('that its scheduler may try elsewhere says so in its metadata', () => {
    const desk = new Desk();
    const msgId = desk.execute('1');
    const error = { ...FAILED.error, ename: 'UnmetDependency' };
    desk.ends(msgId, { status: 'error', error });
    const reply = desk.effects.find((effect) => effect.type === 'reply');
    expect(reply?.draft.metadata).toMatchObject({ dependencies_met: false, engine: UUID, status: 'error' });
  });

  test.each([
    ['pickled', 'apply_request', {}, [new Uint8Array(1)], 'pickled Python function'],
    ['of another version', 'apply_request', { tutti: 2 }, [new Uint8Array(1)], 'of the same version'],
    ['with a broken payload', 'apply_request', { tutti: 1 }, [Buffer.from('{')], 'payload could not be read'],
    ['without code', 'execute_request', {}, [], 'has no code'],
    ['unknown', 'inspect_request', {}, [], 'does not know inspect_request'],
  ])('%s is refused in a sentence, not left hanging', (_, type, content, buffers, sentence) => {
    const desk = new Desk();
    desk.ask(type, content, { buffers });
    expect(desk.reply['status']).toBe('error');
    expect(desk.reply['evalue']).toContain(sentence);
    expect(desk.exchange.running).toBeNull();
  });

  test('with the id of one that is here is refused', () => {
    const desk = new Desk();
    const message = desk.session.message('execute_request', { content: { code: '1' } });
    desk.exchange.heard('shell', [], message);
    desk.effects = desk.exchange.heard('shell', [], message);
    expect(desk.reply['evalue']).toContain('is here already');
  });
});

describe('control', () => {
  const control = { channel: 'control' } as const;

  test('an interrupt goes to what runs, and breaks it; of what waits it is a message only', () => {
    const desk = new Desk();
    const first = desk.execute('1');
    const second = desk.execute('2');
    desk.ask('interrupt_request', {}, control);
    expect(desk.effects.slice(0, 2)).toMatchObject([
      { message: { type: 'interrupt', msgId: first } },
      { type: 'break', msgId: first },
    ]);
    desk.ask('interrupt_request', { msg_ids: [second] }, control);
    expect(desk.lines).toEqual(['engine interrupt', 'control interrupt_reply ok']);
    desk.ends(first);
    desk.ends(second);
    desk.ask('interrupt_request', {}, control);
    expect(desk.lines).toEqual(['control interrupt_reply ok']);
  });

  test('an abort reaches what waits, and what comes later', () => {
    const desk = new Desk();
    const message = desk.session.message('execute_request', { content: { code: '1' } });
    desk.ask('abort_request', { msg_ids: [message.header.msg_id] }, control);
    expect(desk.lines).toEqual(['control abort_reply ok']);
    desk.effects = desk.exchange.heard('shell', [], message);
    expect(desk.lines).toEqual(['shell execute_reply aborted']);
    const waiting = desk.execute('2');
    desk.ask('abort_request', { msg_ids: waiting }, control);
    expect(desk.lines).toEqual(['engine abort', 'control abort_reply ok']);
  });

  test('a shutdown is answered, told to the hub on iopub, and done', () => {
    const desk = new Desk();
    desk.ask('shutdown_request', { restart: true }, control);
    expect(desk.lines).toEqual(['control shutdown_reply ok', 'publish shutdown_reply', 'leave']);
    expect(desk.effects.at(-1)).toMatchObject({ restart: true });
  });

  test('signals go by name or number; unknown ones are refused', () => {
    const desk = new Desk();
    desk.execute('1');
    desk.ask('signal_request', { sig: 2 }, control);
    expect(desk.lines).toEqual(['engine interrupt', 'break', 'control signal_reply ok']);
    desk.ask('signal_request', { sig: 'SIGKILL' }, control);
    expect(desk.effects[0]).toEqual({ type: 'signal', signal: 'SIGKILL' });
    desk.ask('signal_request', { sig: 'SIGNOTHING' }, control);
    expect(desk.reply['evalue']).toBe('No such signal: SIGNOTHING');
  });
});
