import type { Group, Seat } from '../../protocol/comm.ts';
import type { EngineId, MsgId } from '../../protocol/ids.ts';
import { NEVER_RAN, type Settlement } from '../../protocol/replies.ts';
import type { Route, Submission } from '../../protocol/requests.ts';
import type { HubEvent } from '../events.ts';
import { failure, requestGone } from '../sentences.ts';
import type { Database } from './database.ts';
import type { Journal } from './journal.ts';
import type { Payloads } from './payloads.ts';
import type { Records } from './records.ts';
import type { Pending } from './pending.ts';
import type { Engine } from './state.ts';

interface Parts {
  readonly engines: ReadonlyMap<EngineId, Engine>;
  readonly pending: Pending;
  readonly records: Records;
  readonly payloads: Payloads;
  readonly database: Database;
  readonly journal: Journal;
}

/**
 * Remembered tasks as submissions under new ids, all else being as it was, but that a direct request whose engine
 * is no more may run on any. Requests of one call are one call again, of another name: engines remember that the first
 * has ended. Those that cannot be had again are refused; all are, when one of them is unknown: a list with a mistake in it
 * runs nothing. The old ones learn their new ids.
 */
export function resubmissions(
  asked: Extract<HubEvent, { readonly type: 'resubmit-asked' }>,
  { engines, pending, records, payloads, database, journal }: Parts,
): { readonly submissions: Submission[]; readonly refusals: Settlement[] } {
  const submissions: Submission[] = [];
  const refusals: Settlement[] = [];
  const { clientId, submitted, runId } = asked;
  const groups = new Map<string, Group>();
  const reseat = ({ group, rank }: Seat, to: MsgId): Seat => {
    const again = groups.get(group.id) ?? { ...group, id: to };
    groups.set(group.id, again);
    return { group: again, rank };
  };
  const reroute = (route: Route): Route =>
    route.type === 'balanced' || engines.has(route.engine) ? route : { type: 'balanced', targets: null };
  const unknown = asked.tasks.find(({ from }) => !pending.has(from) && records.get(from) === undefined);
  if (unknown !== undefined) {
    const why = database.unknown(unknown.from);
    return { submissions, refusals: asked.tasks.map(({ to }) => refused(to, why)) };
  }
  for (const { from, to } of asked.tasks) {
    const task = pending.get(from);
    const record = records.get(from);
    const known = task ?? record;
    const header = task?.submission ?? record?.header;
    const request = task ? task.submission.request : (record?.request ?? null);
    if (known === undefined || header === undefined) continue;
    if (request === null || payloads.hasMoved(request)) refusals.push(refused(to, requestGone(from)));
    else {
      known.resubmitted = to;
      journal.changed(from);
      const route = reroute(header.route);
      const { seat, ...rest } = header;
      // Wherever else it runs it has no place among the others.
      const place = seat && route.type === 'direct' ? { seat: reseat(seat, to) } : {};
      submissions.push({ ...rest, ...place, request, route, msgId: to, clientId, submitted, runId });
    }
  }
  return { submissions, refusals };
}

function refused(msgId: MsgId, why: string): Settlement {
  return {
    msgId,
    outcome: failure('KeyError', why),
    facts: NEVER_RAN,
    engineId: null,
    engineUuid: null,
  };
}
