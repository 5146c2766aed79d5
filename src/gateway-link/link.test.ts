import { describe, expect, test } from 'vitest';
import type { CallItems, CallSubmission } from '../protocol/calls.ts';
import type { FromController, ToController } from '../protocol/client-messages.ts';
import type { ClientId, MsgId } from '../protocol/ids.ts';
import type { JsonObject, JupyterMessage } from '../protocol/jupyter-message.ts';
import { pack } from '../protocol/pack.ts';
import type { EngineRequest, Route, Submission } from '../protocol/requests.ts';
import { NO_TERMS } from '../protocol/terms.ts';
import type { GatewayChannel, GatewayFrame } from '../transport/gateway/frames.ts';
import type { GatewayRole, Welcome } from '../transport/gateway/messages.ts';
import { toBuffers } from '../transport/remote/payload.ts';
import type { LinkEffect, LinkEvent } from './events.ts';
import { GatewayLink } from './link.ts';

const ME = 'me' as ClientId;

/** A link whose cluster is played by the test: engines 0 and 1 of JavaScript, 2 of Python. */
function scene(role: GatewayRole = 'client', engines: JsonObject = { 0: 'js-a-1', 1: 'js-b-2', 2: 'py' }) {
  const link = new GatewayLink('link');
  const frames: GatewayFrame[] = [];
  const told: FromController[] = [];
  const timers = new Set<string>();
  const notices: string[] = [];
  let at = 0;
  let n = 0;
  const handle = (event: LinkEvent) => {
    for (const effect of link.handle(event)) perform(effect);
  };
  const perform = (effect: LinkEffect) => {
    if (effect.type === 'send') frames.push(effect.frame);
    else if (effect.type === 'tell') told.push(effect.message);
    else if (effect.type === 'set-timer') timers.add(effect.timer);
    else if (effect.type === 'cancel-timer') timers.delete(effect.timer);
    else notices.push(effect.text);
  };
  const hear = (...messages: ToController[]) => handle({ type: 'heard', at: ++at, messages });
  const sent = (type: string) =>
    frames.flatMap((frame) =>
      frame.envelopes
        .filter((envelope) => envelope.header.msg_type === type)
        .map((envelope) => ({ ...envelope, channel: frame.channel, buffers: frame.buffers })),
    );
  const receive = (
    channel: GatewayChannel,
    type: string,
    parent: string,
    content: JsonObject,
    rest: { metadata?: JsonObject; buffers?: Uint8Array[]; session?: string } = {},
  ) => {
    const header = {
      msg_id: `r${String(++n)}`,
      msg_type: type,
      session: rest.session ?? '',
      username: '',
      date: new Date(++at).toISOString(),
      version: '5.3',
    };
    const message: JupyterMessage = {
      header,
      parent_header: { ...header, msg_id: parent },
      metadata: rest.metadata ?? {},
      content,
      buffers: rest.buffers ?? [],
    };
    handle({ type: 'received', at, channel, message });
  };
  const welcome = (state: Welcome['state'], cutAt: number | null = null) => {
    const limits = { maxMessage: 1 << 20, resumeWindow: 60 };
    handle({ type: 'welcomed', at: ++at, role, state, limits, cutAt });
    const asked = sent('connection_request').at(-1);
    if (state !== 'resumed')
      receive('registration', 'connection_reply', asked!.header.msg_id, { status: 'ok', engines });
  };
  welcome('new');
  hear({ type: 'connect', clientId: ME });
  return {
    told,
    timers,
    notices,
    frames,
    sent,
    hear,
    handle,
    receive,
    welcome,
    submit: (route: Route | number, request: EngineRequest = apply(), more: Partial<Submission> = {}) => {
      const msgId = `me_${String(++n)}` as MsgId;
      const submission: Submission = {
        msgId,
        clientId: ME,
        route: typeof route === 'number' ? { type: 'direct', engine: route } : route,
        request,
        label: null,
        submitted: at,
        runId: null,
        abortsQueueOnError: false,
        ...more,
      };
      hear({ type: 'submit', submission });
      return msgId;
    },
    reply: (msgId: MsgId, value: unknown, uuid = 'js-a-1') => {
      const facts = { started: 1, completed: 2, executeResult: null, executionCount: 0 };
      const buffers = toBuffers({ outcome: { status: 'ok', value: pack(value) }, facts });
      receive(
        'mux',
        'apply_reply',
        msgId,
        { status: 'ok', tutti: 1 },
        { metadata: { engine: uuid }, buffers },
      );
    },
    status: (msgId: MsgId, state: string, session = 'js-a-1') => {
      receive('iopub', 'status', msgId, { execution_state: state }, { session });
    },
    settled: (msgId: MsgId) =>
      told.flatMap((message) =>
        message.type === 'settled' && message.settlement.msgId === msgId ? [message.settlement] : [],
      ),
    engines: () => {
      const last = told.findLast((message) => message.type === 'engines');
      return last?.type === 'engines' ? last.engines : [];
    },
  };
}

const apply = (): EngineRequest => ({ method: 'apply', call: pack({ f: 'f', args: [] }), name: 'f' });
const execute = (source: string): EngineRequest => ({
  method: 'execute',
  code: { source, compiled: null, url: 'x' },
  silent: false,
});
const balanced: Route = { type: 'balanced', targets: null };

describe('engines', () => {
  test('are listed with language and host, which only they know', () => {
    const { engines, sent, receive } = scene();
    const [asked] = sent('kernel_info_request');
    receive('control', 'kernel_info_reply', asked!.header.msg_id, { status: 'ok', tutti: { host: 'node7' } });
    expect(engines()).toMatchObject([
      { id: 0, language: 'javascript', host: 'node7', status: 'idle' },
      { id: 1, language: 'javascript' },
      { id: 2, language: 'python' },
    ]);
    expect(sent('apply_request').map(({ target }) => target)).toEqual(['py']);
  });

  test('that leave fail the direct work they had; the scheduler cares for the rest', () => {
    const { submit, receive, settled, engines, notices, status } = scene();
    const [direct, task] = [submit(0), submit(balanced)];
    status(task, 'busy');
    receive('notification', 'unregistration_notification', '', { id: 0, uuid: 'js-a-1' });
    const evalue = 'Engine 0 died or left the cluster before it could start task f.';
    expect(settled(direct)).toMatchObject([
      { outcome: { error: { ename: 'EngineError', evalue } }, engineId: 0 },
    ]);
    expect(settled(task)).toEqual([]);
    expect(engines()[0]).toMatchObject({ id: 0, status: 'dead' });
    expect(notices).toEqual(['Engine 0 died or left the cluster; its variables are gone.']);
  });

  test('that come back under their uuid, since their host was only cut off, take work again', () => {
    const { receive, engines } = scene();
    receive('notification', 'unregistration_notification', '', { id: 0, uuid: 'js-a-1' });
    receive('notification', 'registration_notification', '', { id: 3, uuid: 'js-a-1' });
    const back = engines().filter(({ uuid }) => uuid === 'js-a-1');
    expect(back).toMatchObject([{ id: 3, status: 'idle', death: null }]);
  });

  test('an engine that comes runs what was said to run everywhere', () => {
    const { submit, sent, receive } = scene();
    const code = { source: 'a = 1', compiled: null, url: 'cell-1/a' };
    submit(0, { method: 'execute', code, silent: false }, { init: { key: 'k', everywhere: true } });
    const requests = () =>
      sent('execute_request').filter(({ content }) => content['code'] === 'a = 1').length;
    const before = requests();
    receive('notification', 'registration_notification', '', { id: 3, uuid: 'js-c-3' });
    expect(requests()).toBe(before + 1);
  });
});

describe('requests', () => {
  test('one call on many engines is one frame', () => {
    const { hear, frames } = scene();
    const request = apply();
    const before = frames.length;
    hear(
      ...[0, 1].map((engine): ToController => ({
        type: 'submit',
        submission: {
          msgId: `m${String(engine)}` as MsgId,
          clientId: ME,
          route: { type: 'direct', engine },
          request,
          label: null,
          submitted: 0,
          runId: null,
          abortsQueueOnError: false,
        },
      })),
    );
    expect(frames.slice(before).map(({ envelopes }) => envelopes.map(({ target }) => target))).toEqual([
      ['js-a-1', 'js-b-2'],
    ]);
  });

  test('a call of many tasks is one request for each: a real cluster knows no calls', () => {
    const { hear, sent, told, handle } = scene();
    const items: CallItems = {
      ...{ method: 'map', name: 'f', returnExceptions: false, canned: false, f: {} },
      ...{ columns: [Float64Array.of(4, 5, 6)], bytes: new Float64Array(3) },
    };
    const call: CallSubmission = {
      ...{ clientId: ME, first: 50, count: 3, label: null, submitted: 0, runId: null },
      ...{ route: balanced, items },
    };
    hear({ type: 'submit-call', call });
    const ids = ['me_50', 'me_51', 'me_52'];
    const asked = sent('apply_request').map(({ header }) => header.msg_id);
    expect(asked.filter((msgId) => msgId.startsWith('me_'))).toEqual(ids);
    handle({ type: 'ended', at: 99, reason: 'It has gone.' });
    hear({ type: 'submit-call', call: { ...call, first: 60 } });
    const ended = told.flatMap((message) =>
      message.type === 'settled' ? [message.settlement.msgId as string] : [],
    );
    expect(ended).toEqual([...ids, 'me_60', 'me_61', 'me_62']);
  });

  test('a task carries its terms in the words of the task scheduler, and names engines of its language', () => {
    const { submit, sent } = scene();
    const after = { msgIds: ['x' as MsgId], all: true, success: true, failure: false };
    submit({ type: 'balanced', targets: null, terms: { ...NO_TERMS, after, timeout: 2, retries: 3 } });
    expect(sent('apply_request').at(-1)).toMatchObject({
      channel: 'task',
      target: null,
      metadata: {
        after: { dependencies: ['x'], all: true, success: true, failure: false },
        follow: [],
        timeout: 2,
        retries: 3,
        targets: ['js-a-1', 'js-b-2'],
      },
    });
  });

  test('where all engines speak one language a task names none: later ones may take it', () => {
    const { submit, sent } = scene('client', { 0: 'js-a-1' });
    submit(balanced);
    expect(sent('apply_request').at(-1)?.metadata['targets']).toEqual([]);
  });

  test('Python gets text as it is', () => {
    const { submit, sent } = scene();
    submit(2, execute('print(1)'));
    expect(sent('execute_request').at(-1)).toMatchObject({
      target: 'py',
      content: { code: 'print(1)', silent: false },
    });
  });

  test.each<[string, Route | number, EngineRequest, string, RegExp]>([
    ['an engine that is not there', 7, apply(), 'IndexError', /No such engine: 7/],
    ['a function for Python', 2, apply(), 'TypeError', /Engine 2 runs Python and cannot call/],
    [
      'shared memory',
      0,
      { method: 'push', values: pack({ a: new Int8Array(new SharedArrayBuffer(1)) }) },
      'TypeError',
      /cannot be sent to another machine: .*shared/,
    ],
    [
      'more than the gateway takes',
      0,
      { method: 'push', values: pack({ a: new Int8Array(1 << 20) }) },
      'ValueError',
      /the gateway takes/,
    ],
  ])('%s: an error that says so', (_, route, request, ename, evalue) => {
    const { submit, settled } = scene();
    expect(settled(submit(route, request))).toMatchObject([
      { outcome: { status: 'error', error: { ename, evalue: expect.stringMatching(evalue) } } },
    ]);
  });

  test('an observer runs nothing', () => {
    const { submit, settled, sent } = scene('observer');
    expect(settled(submit(0))).toMatchObject([{ outcome: { error: { ename: 'PermissionError' } } }]);
    expect(sent('apply_request')).toEqual([]);
  });
});

describe('replies', () => {
  test('wait for the last output', () => {
    const { submit, reply, status, settled, receive, told } = scene();
    const msgId = submit(0);
    status(msgId, 'busy');
    reply(msgId, 5);
    expect(settled(msgId)).toEqual([]);
    receive('iopub', 'stream', msgId, { name: 'stdout', text: 'late' }, { session: 'js-a-1' });
    status(msgId, 'idle');
    expect(told.slice(-3).map(({ type }) => type)).toEqual(['event', 'settled', 'engines']);
    expect(settled(msgId)).toMatchObject([{ outcome: { value: { value: 5 } }, engineId: 0 }]);
  });

  test('what is printed behind the end is the task’s, as long as its client is here', () => {
    const { submit, reply, status, receive, told, hear } = scene();
    const msgId = submit(0);
    status(msgId, 'busy');
    reply(msgId, 5);
    status(msgId, 'idle');
    const prints = (id: string, text: string) => {
      receive('iopub', 'stream', id, { name: 'stdout', text }, { session: 'js-a-1' });
    };
    const events = () => told.filter(({ type }) => type === 'event');
    prints(msgId, 'late');
    expect(events()).toEqual([
      {
        ...{ type: 'event', clientId: ME, msgId, engineId: 0 },
        event: { type: 'stream', name: 'stdout', text: 'late' },
      },
    ]);
    prints('other_1', 'of nobody here');
    hear({ type: 'disconnect', clientId: ME });
    prints(msgId, 'too late');
    expect(events()).toHaveLength(1);
  });

  test('do not wait for ever', () => {
    const { submit, reply, settled, timers, handle } = scene();
    const msgId = submit(0);
    reply(msgId, 5);
    const [timer = ''] = timers;
    handle({ type: 'timer-reached', at: 99, timer });
    expect(settled(msgId)).toHaveLength(1);
  });

  test('count once', () => {
    const { submit, reply, status, settled } = scene();
    const msgId = submit(0);
    for (const value of [1, 2]) {
      reply(msgId, value);
      status(msgId, 'idle');
    }
    expect(settled(msgId)).toMatchObject([{ outcome: { value: { value: 1 } } }]);
  });

  test('of the scheduler have our sentences', () => {
    const { submit, receive, settled } = scene();
    const msgId = submit(balanced);
    const content = { status: 'error', ename: 'ImpossibleDependency', evalue: '', traceback: ['python'] };
    receive('task', 'apply_reply', msgId, content);
    const evalue = expect.stringContaining('Task f can never run');
    expect(settled(msgId)).toMatchObject([
      { outcome: { error: { ename: 'ImpossibleDependency', evalue } }, engineId: null },
    ]);
  });
});

test('runTimeout counts from when the engine says that it runs', () => {
  const { submit, status, timers, handle, settled, sent } = scene();
  const msgId = submit({ type: 'direct', engine: 0, runTimeout: 2 });
  expect([...timers]).toEqual([]);
  status(msgId, 'busy');
  expect([...timers]).toEqual([`limit ${msgId}`]);
  handle({ type: 'timer-reached', at: 99, timer: `limit ${msgId}` });
  expect(settled(msgId)).toMatchObject([{ outcome: { error: { ename: 'TaskTimeout' } }, engineId: 0 }]);
  expect(sent('signal_request')).toHaveLength(1);
});

describe('aborting', () => {
  test('engines answer for what has come to them; what the scheduler has ends here', () => {
    const { submit, hear, settled, sent } = scene();
    const [direct, task] = [submit(1), submit(balanced)];
    hear({ type: 'abort', msgIds: [direct, task] });
    expect(settled(direct)).toEqual([]);
    expect(settled(task)).toMatchObject([{ outcome: { status: 'aborted' } }]);
    expect(sent('abort_request').map(({ target, content }) => [target, content['msg_ids']])).toEqual([
      ['js-a-1', [task]],
      ['js-b-2', [direct, task]],
      ['py', [task]],
    ]);
  });

  test('cancel interrupts what runs', () => {
    const { submit, hear, sent, status } = scene();
    const msgId = submit(0);
    status(msgId, 'busy');
    hear({ type: 'cancel', msgIds: [msgId] });
    expect(sent('signal_request').map(({ target, content }) => [target, content])).toEqual([
      ['js-a-1', { sig: 2 }],
    ]);
  });
});

describe('after a cut', () => {
  test('that lost messages, the hub is asked what became of what was pending', () => {
    const { submit, welcome, sent, receive, settled } = scene();
    const [done, forgotten] = [submit(0), submit(0)];
    welcome('patchy', 1e6);
    const asked = sent('result_request');
    expect(asked.map(({ content }) => content['msg_ids'])).toEqual([[done], [forgotten]]);
    const facts = { started: 1, completed: 2, executeResult: null, executionCount: 0 };
    receive(
      'registration',
      'result_reply',
      asked[0]!.header.msg_id,
      {
        status: 'ok',
        pending: [],
        completed: [done],
        [done]: {
          metadata: {},
          result_metadata: { engine: 'js-a-1' },
          result_header: {},
          result_content: { status: 'ok', tutti: 1 },
        },
      },
      { buffers: toBuffers({ outcome: { status: 'ok', value: pack(7) }, facts }) },
    );
    receive('registration', 'result_reply', asked[1]!.header.msg_id, {
      status: 'error',
      ename: 'KeyError',
      evalue: 'x',
    });
    expect(settled(done)).toMatchObject([{ outcome: { value: { value: 7 } }, engineId: 0 }]);
    expect(settled(forgotten)).toMatchObject([{ outcome: { error: { ename: 'EngineError' } } }]);
  });

  test('that is for good, everything ends, and what comes later too', () => {
    const { submit, handle, settled, engines } = scene();
    const msgId = submit(0);
    handle({ type: 'ended', at: 9, reason: 'The gateway is gone.' });
    expect(settled(msgId)).toMatchObject([{ outcome: { error: { evalue: 'The gateway is gone.' } } }]);
    expect(settled(submit(0))).toHaveLength(1);
    expect(engines()).toEqual([]);
  });
});

test('the story of a task is what was seen of it here; of others, what the hub has', () => {
  const { submit, reply, status, hear, told, sent, receive } = scene();
  const stories = (): unknown[] =>
    told.flatMap((message) => (message.type === 'answer' && message.answer.ok ? [message.answer.value] : []));
  const words = (story: unknown) =>
    (story as { what: string; engineId: number | null; note: string | null }[]).map(
      ({ what, engineId, note }) => [what, engineId, note].join(' ').trim(),
    );
  const msgId = submit(0);
  status(msgId, 'busy');
  hear({ type: 'cancel', msgIds: [msgId] });
  status(msgId, 'idle');
  reply(msgId, 1);
  const balanced = submit({ type: 'balanced', targets: null, terms: NO_TERMS });
  status(balanced, 'busy', 'js-b-2');
  hear({ type: 'ask', clientId: ME, n: 1, question: { type: 'story', msgId } });
  hear({ type: 'ask', clientId: ME, n: 2, question: { type: 'story', msgId: balanced } });
  hear({ type: 'ask', clientId: ME, n: 3, question: { type: 'story', msgId: 'other' as MsgId } });
  const record = {
    msg_id: 'other',
    submitted: '2026-11-25T10:00:00Z',
    started: '2026-11-25T10:00:01Z',
    completed: '2026-11-25T10:00:02Z',
    engine_uuid: 'js-b-2',
    content: { name: 'f' },
    result_content: { status: 'ok' },
  };
  receive('registration', 'db_reply', sent('db_request').at(-1)!.header.msg_id, {
    status: 'ok',
    records: [record],
  });
  const [direct, ofScheduler, ofHub] = stories();
  expect(words(direct)).toEqual([
    'submitted  f',
    'sent 0',
    'started 0',
    'cancel-asked 0',
    'replied 0 ok',
    'settled 0 ok',
  ]);
  expect(words(ofScheduler)).toEqual(['submitted  f', 'scheduled', 'started 1']);
  expect(words(ofHub)).toEqual(['submitted 1 f', 'started 1', 'settled 1 ok']);
});

test('what is asked before it is known who is there is asked of the hub afterwards', () => {
  const link = new GatewayLink('link');
  const ask = { type: 'ask', clientId: ME, n: 1, question: { type: 'history' } } as const;
  const limits = { maxMessage: 1, resumeWindow: 1 };
  const sent = (effects: readonly LinkEffect[]): string[] =>
    effects.flatMap((effect) =>
      effect.type === 'send' ? effect.frame.envelopes.map(({ header }) => header.msg_type) : [],
    );
  expect(sent(link.handle({ type: 'heard', at: 1, messages: [ask] }))).toEqual([]);
  const first = link.handle({ type: 'welcomed', at: 2, role: 'observer', state: 'new', limits, cutAt: null });
  expect(sent(first)).toEqual(['connection_request']);
  const end = link.handle({ type: 'ended', at: 3, reason: 'It is gone.' });
  expect(end).toContainEqual(
    expect.objectContaining({
      message: {
        type: 'answer',
        clientId: ME,
        n: 1,
        answer: { ok: false, ename: 'EngineError', evalue: 'It is gone.' },
      },
    }),
  );
});
