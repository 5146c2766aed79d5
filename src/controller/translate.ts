import { assertNever } from '../base/assert.ts';
import type { ToController } from '../protocol/client-messages.ts';
import type { FromEngine } from '../protocol/engine-messages.ts';
import type { EngineUuid } from '../protocol/ids.ts';
import type { Submission } from '../protocol/requests.ts';
import type { HubEvent } from './events.ts';

/** What clients and engines say, as events of the hub. */

/** Submissions in a row become one event: those of one call share their request, and must. */
export function clientEvents(batch: readonly ToController[], at: number): HubEvent[] {
  const events: HubEvent[] = [];
  let submissions: Submission[] | null = null;
  for (const message of batch) {
    if (message.type === 'lend') continue;
    if (message.type !== 'submit') {
      submissions = null;
      events.push(clientEvent(message, at));
    } else if (submissions === null) {
      submissions = [message.submission];
      events.push({ type: 'submitted', at, submissions });
    } else {
      submissions.push(message.submission);
    }
  }
  return events;
}

/** Memory is lent to engines; the hub knows only which is whose. */
type ForHub = Exclude<ToController, { readonly type: 'submit' | 'lend' }>;

function clientEvent(message: ForHub, at: number): HubEvent {
  switch (message.type) {
    case 'connect':
      return { type: 'client-connected', at, clientId: message.clientId };
    case 'disconnect':
      return { type: 'client-disconnected', at, clientId: message.clientId };
    case 'submit-call':
      return { type: 'call-submitted', at, call: message.call };
    case 'abort':
      return { type: 'abort-asked', at, msgIds: message.msgIds };
    case 'cancel':
      return { type: 'cancel-asked', at, msgIds: message.msgIds };
    case 'interrupt':
      return { type: 'interrupt-asked', at, engines: message.engines };
    case 'resubmit': {
      const { clientId, tasks, submitted, runId } = message;
      return { type: 'resubmit-asked', at, clientId, tasks, submitted, runId };
    }
    case 'ask':
      return { type: 'asked', at, clientId: message.clientId, n: message.n, question: message.question };
    default:
      return assertNever(message);
  }
}

/** Requests for libraries are not the hub's affair, and what engines say to each other is not either. */
export function engineEvent(
  message: Exclude<FromEngine, { readonly type: 'need-library' | 'comm' | 'comm-wake' | 'seen' | 'slate' }>,
  uuid: EngineUuid,
  at: number,
): HubEvent {
  switch (message.type) {
    case 'ready':
      return { type: 'engine-ready', at, uuid };
    case 'event':
      return { type: 'streamed', at, uuid, msgId: message.msgId, event: message.event };
    case 'reply':
      return { type: 'replied', at, uuid, reply: message.reply, names: message.names ?? null };
    case 'items-done':
      return {
        type: 'items-done',
        at,
        uuid,
        client: message.client,
        first: message.first,
        ends: message.ends,
      };
    case 'names':
      return { type: 'names-changed', at, uuid, names: message.names };
    case 'returned':
      return { type: 'returned', at, uuid, spans: message.spans };
    case 'cleared':
      return { type: 'cleared', at, uuid, token: message.token };
    case 'properties-changed':
      return { type: 'properties-changed', at, uuid };
    case 'exit':
      return { type: 'engine-lost', at, uuid, reason: message.reason };
    default:
      return assertNever(message);
  }
}
