import type { FromController } from '../protocol/client-messages.ts';
import { MsgId, type ClientId } from '../protocol/ids.ts';
import { NEVER_RAN } from '../protocol/replies.ts';
import { failure } from './sentences.ts';

const MALFORMED =
  'The controller cannot read this request: one of its options has a value of the wrong kind.';

/**
 * What a client is told of a message that the controller cannot read: whoever waits for an answer to it would wait for
 * ever. Nothing for what names nobody.
 */
export function refusalsOf(message: unknown): readonly FromController[] {
  if (!isRecord(message)) return [];
  switch (message['type']) {
    case 'submit':
      return isRecord(message['submission'])
        ? settled(message['submission'], [message['submission']['msgId']])
        : [];
    case 'submit-call':
      return isRecord(message['call']) ? settled(message['call'], idsOf(message['call'])) : [];
    case 'resubmit': {
      const { tasks } = message;
      const ids = Array.isArray(tasks) ? tasks.map((task) => isRecord(task) && task['to']) : [];
      return settled(message, ids);
    }
    case 'ask': {
      const { clientId, n } = message;
      if (typeof clientId !== 'string' || typeof n !== 'number') return [];
      const answer = { ok: false, ename: 'TypeError', evalue: MALFORMED } as const;
      return [{ type: 'answer', clientId: clientId as ClientId, n, answer }];
    }
    default:
      return [];
  }
}

function settled({ clientId: client }: Fields, msgIds: readonly unknown[]): FromController[] {
  if (typeof client !== 'string') return [];
  const clientId = client as ClientId;
  const outcome = failure('TypeError', MALFORMED);
  return msgIds
    .filter((msgId) => typeof msgId === 'string')
    .map((msgId) => ({
      ...{ type: 'settled', clientId },
      settlement: { msgId: msgId as MsgId, outcome, facts: NEVER_RAN, engineId: null, engineUuid: null },
    }));
}

/** As many as it brings items, so that little never asks for much. */
function idsOf({ clientId, first, count, items }: Fields): readonly MsgId[] {
  if (typeof clientId !== 'string' || typeof first !== 'number' || !isRecord(items)) return [];
  const { columns } = items;
  const column: unknown = Array.isArray(columns) ? columns[0] : null;
  const length = Array.isArray(column) || column instanceof Float64Array ? column.length : 0;
  if (length !== count) return [];
  return Array.from({ length }, (_, i) => MsgId.create(clientId as ClientId, first + i));
}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
