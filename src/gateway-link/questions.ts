import { assertNever } from '../base/assert.ts';
import { createTester } from '../controller/hub/query.ts';
import type { Answer, Question } from '../protocol/client-messages.ts';
import type { ClientId, EngineId, MsgId } from '../protocol/ids.ts';
import type { JsonObject, JupyterHeader, JupyterMessage } from '../protocol/jupyter-message.ts';
import type { Settlement } from '../protocol/replies.ts';
import { PAYLOAD_KEYS, RECORD_KEYS } from '../protocol/task-record.ts';
import { readReply } from './arrivals.ts';
import type { LinkContext } from './context.ts';
import { HUB_KEYS, recordOf, storyOf } from './hub-records.ts';
import { dictionary } from './json.ts';
import type { Requests } from './requests.ts';
import type { LinkEngine, Roster } from './roster.ts';
import { noSuchMessage, notKept, NO_RESTARTING, NO_STARTING, noSuchEngine, OBSERVER } from './sentences.ts';
import type { Tasks } from './tasks.ts';

type Asked<Type extends Question['type']> = Extract<Question, { readonly type: Type }>;
type Reply = (answer: Answer) => void;

/** Seconds between two looks at a result that somebody else's task will have. */
const POLL = 0.5;

/** What clients ask: answered by the cluster's hub, and by the engines themselves. */
export class Questions {
  readonly #context: LinkContext;
  readonly #roster: Roster;
  readonly #tasks: Tasks;
  readonly #requests: Requests;
  /** Looked at again when their timer runs out. */
  readonly #polls = new Map<string, () => void>();
  #polled = 0;

  constructor(context: LinkContext, roster: Roster, tasks: Tasks, requests: Requests) {
    this.#context = context;
    this.#roster = roster;
    this.#tasks = tasks;
    this.#requests = requests;
  }

  ask(clientId: ClientId, n: number, question: Question): void {
    this.answer(question, (answer) => {
      this.#context.tell({ type: 'answer', clientId, n, answer });
    });
  }

  timerReached(timer: string): void {
    const look = this.#polls.get(timer);
    this.#polls.delete(timer);
    look?.();
  }

  answer(question: Question, reply: Reply): void {
    if (this.#context.role === 'observer' && CHANGES.has(question.type)) {
      reply(refusal('PermissionError', OBSERVER));
      return;
    }
    switch (question.type) {
      case 'queue-status':
        this.#queueStatus(question, reply);
        break;
      case 'clear':
        this.#onEngines(question.engines, 'clear_request', {}, reply);
        break;
      case 'shutdown':
        if (question.restart) reply(refusal('RuntimeError', NO_RESTARTING));
        else this.#onEngines(question.engines, 'shutdown_request', { restart: false }, reply);
        break;
      case 'start-engines':
        reply(question.n === 0 ? { ok: true, value: [] } : refusal('RuntimeError', NO_STARTING));
        break;
      case 'adapt':
        reply(question.adapt ? refusal('RuntimeError', NO_STARTING) : { ok: true, value: null });
        break;
      case 'results':
        this.#results(question.msgIds, reply);
        break;
      case 'story':
        this.#story(question.msgId, reply);
        break;
      case 'history':
        this.#requests.askHub('history_request', {}, (answer) => {
          reply(answer.ok ? { ok: true, value: answer.content['history'] ?? [] } : answer);
        });
        break;
      case 'db-query':
        this.#query(question, reply);
        break;
      case 'purge':
        this.#purge(question, reply);
        break;
      default:
        assertNever(question);
    }
  }

  // Engines

  #queueStatus({ engines, verbose = false }: Asked<'queue-status'>, reply: Reply): void {
    const named = this.#named(engines, reply);
    if (!named) return;
    // The hub takes an empty list for a question about all.
    const targets = named.length === 0 ? null : named.map((engine) => engine.id);
    this.#requests.askHub('queue_request', { targets, verbose }, (answer) => {
      if (!answer.ok) {
        reply(answer);
        return;
      }
      const counts = Object.entries(answer.content).filter(([key]) => key !== 'status');
      reply({ ok: true, value: Object.fromEntries(counts) });
    });
  }

  /** Resolves when all have answered; the first refusal is the answer. */
  #onEngines(ids: readonly EngineId[] | null, type: string, content: JsonObject, reply: Reply): void {
    const named = this.#named(ids, reply);
    if (!named) return;
    let open = named.length;
    let refused: Answer | null = null;
    if (open === 0) reply({ ok: true, value: null });
    for (const engine of named) {
      this.#requests.orderEngine(engine.uuid, type, content, (answer) => {
        // Whoever is told to stop may be gone before its answer.
        const isStopped = type === 'shutdown_request' && engine.isGone;
        if (!answer.ok && !isStopped) refused ??= answer;
        open--;
        if (open === 0) reply(refused ?? { ok: true, value: null });
      });
    }
  }

  /** Null, and the question refused, when one does not exist. */
  #named(ids: readonly EngineId[] | null, reply: Reply): LinkEngine[] | null {
    if (ids === null) return this.#roster.living;
    const found: LinkEngine[] = [];
    for (const id of new Set(ids)) {
      const engine = this.#roster.byId(id);
      if (!engine || engine.isGone) {
        reply(refusal('IndexError', noSuchEngine(id)));
        return null;
      }
      found.push(engine);
    }
    return found;
  }

  // Results

  #results(msgIds: readonly MsgId[], reply: Reply): void {
    const found = new Map<MsgId, Settlement>();
    let isOver = false;
    const finish = (answer: Answer): void => {
      if (!isOver) reply(answer);
      isOver = true;
    };
    const got = (settlement: Settlement): void => {
      found.set(settlement.msgId, settlement);
      if (found.size < new Set(msgIds).size) return;
      finish({ ok: true, value: msgIds.flatMap((msgId) => found.get(msgId) ?? []) });
    };
    if (msgIds.length === 0) finish({ ok: true, value: [] });
    for (const msgId of new Set(msgIds)) this.result(msgId, got, finish);
  }

  /** One result, whoever asked for it: known here, under way here, or looked for at the hub until it is there. */
  result(msgId: MsgId, got: (settlement: Settlement) => void, refuse: Reply): void {
    const known = this.#tasks.finished(msgId);
    if (known) {
      got(known);
      return;
    }
    if (this.#tasks.find(msgId)) {
      this.#tasks.onSettled(msgId, got);
      return;
    }
    this.#requests.askHub('result_request', { msg_ids: [msgId], status_only: false }, (answer) => {
      if (!answer.ok) refuse(refusedResult(msgId, answer));
      else if (isListed(answer.content['pending'], msgId)) {
        this.later(() => {
          this.result(msgId, got, refuse);
        });
      } else got(this.settlementOf(msgId, answer.message));
    });
  }

  /** What the hub remembers of a task, as if its reply had come. */
  settlementOf(msgId: MsgId, { content, buffers }: JupyterMessage): Settlement {
    const record = dictionary(content[msgId]);
    const metadata = dictionary(record['result_metadata']);
    const resultHeader = dictionary(record['result_header']);
    const request = dictionary(dictionary(record['metadata'])['tutti']);
    const engine = this.#roster.byUuid(metadata['engine'] ?? resultHeader['engine']) ?? null;
    const reply: JupyterMessage = {
      header: resultHeader as unknown as JupyterHeader,
      parent_header: {},
      metadata,
      content: dictionary(record['result_content']),
      buffers,
    };
    const method = request['method'] === 'pull' ? 'pull' : 'apply';
    const name = typeof request['name'] === 'string' ? request['name'] : 'task';
    const language = engine?.language ?? 'javascript';
    const { outcome, facts } = readReply(reply, engine, { name, method, language });
    return { msgId, outcome, facts, engineId: engine?.id ?? null, engineUuid: engine?.uuid ?? null };
  }

  /** Looks again in a while. */
  later(look: () => void): void {
    const timer = `poll ${String(++this.#polled)}`;
    this.#polls.set(timer, look);
    this.#context.emit({ type: 'set-timer', timer, delay: POLL });
  }

  // The hub's database

  /** What was seen of it here; of tasks of others, or from before a reload, what the hub's record tells. */
  #story(msgId: MsgId, reply: Reply): void {
    const seen = this.#context.story.of(msgId);
    if (seen.length > 0) {
      reply({ ok: true, value: seen });
      return;
    }
    this.#requests.askHub('db_request', { query: { msg_id: msgId }, keys: HUB_KEYS }, (answer) => {
      const rows = answer.ok && Array.isArray(answer.content['records']) ? answer.content['records'] : [];
      const value = rows.flatMap((row) => storyOf(recordOf(dictionary(row), this.#roster)));
      reply({ ok: true, value });
    });
  }

  /** Asked of the hub whole and sifted here, so that the query language is the same as in the browser's cluster. */
  #query({ query, keys }: Asked<'db-query'>, reply: Reply): void {
    const known: readonly string[] = [...RECORD_KEYS, ...PAYLOAD_KEYS];
    const unknown = keys?.find((key) => !known.includes(key));
    if (unknown !== undefined) {
      reply(refusal('ValueError', `Records have no key named ${unknown}; they have ${known.join(', ')}.`));
      return;
    }
    const request = { query: { msg_id: { $ne: '' } }, keys: HUB_KEYS };
    this.#requests.askHub('db_request', request, (answer) => {
      if (!answer.ok) {
        reply(answer);
        return;
      }
      const rows = Array.isArray(answer.content['records']) ? (answer.content['records'] as unknown[]) : [];
      let records = rows
        .map((row) => recordOf(dictionary(row), this.#roster))
        .sort((a, b) => a.submitted.getTime() - b.submitted.getTime());
      try {
        records = records.filter(createTester(query, records.length));
      } catch (error) {
        reply(refusal('ValueError', `The query cannot be answered: ${(error as Error).message}`));
        return;
      }
      const wanted = ['msgId', ...(keys ?? RECORD_KEYS)];
      const value = records.map((record) =>
        Object.fromEntries(wanted.map((key) => [key, (record as unknown as JsonObject)[key] ?? null])),
      );
      reply({ ok: true, value });
    });
  }

  #purge({ msgIds, engines, all }: Asked<'purge'>, reply: Reply): void {
    if (msgIds === null && engines === null && !all) {
      reply(refusal('ValueError', 'Say what to purge: jobs, targets, or "all".'));
      return;
    }
    this.#tasks.purge(
      ({ msgId, engineId }) =>
        all ||
        msgIds?.includes(msgId) === true ||
        (engineId !== null && engines?.includes(engineId) === true),
    );
    const content = all ? { msg_ids: 'all' } : { msg_ids: msgIds ?? [], engine_ids: engines ?? [] };
    this.#requests.askHub('purge_request', content, (answer) => {
      reply(answer.ok ? { ok: true, value: null } : answer);
    });
  }
}

/** Of these an observer asks none. */
const CHANGES: ReadonlySet<Question['type']> = new Set(['clear', 'shutdown', 'start-engines', 'purge']);

/** A hub without a database has one answer for all results, known or not. */
function refusedResult(msgId: MsgId, answer: { readonly ename: string; readonly evalue: string }): Answer {
  if (/NoDB/.test(answer.evalue)) return refusal('KeyError', notKept(msgId));
  return answer.ename === 'KeyError'
    ? refusal('KeyError', noSuchMessage(msgId))
    : refusal(answer.ename, answer.evalue);
}

function refusal(ename: string, evalue: string): Answer {
  return { ok: false, ename, evalue };
}

function isListed(list: unknown, msgId: string): boolean {
  return Array.isArray(list) && list.includes(msgId);
}
