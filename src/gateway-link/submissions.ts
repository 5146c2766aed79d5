import type { Language } from '../protocol/client-messages.ts';
import type { JsonObject } from '../protocol/jupyter-message.ts';
import type { EngineRequest, Route, Submission } from '../protocol/requests.ts';
import type { DependencySpec } from '../protocol/terms.ts';
import type { Envelope, GatewayChannel } from '../transport/gateway/frames.ts';
import { applyContent, toBuffers } from '../transport/remote/payload.ts';
import type { Letter, LinkContext } from './context.ts';
import { plainExecute } from './execute.ts';
import { pythonRequest } from './python/python-engine.ts';
import type { LinkEngine, Roster } from './roster.ts';
import {
  cannotTravel,
  engineGone,
  failed,
  NO_PRIORITIES,
  noEngineFor,
  noSuchEngine,
  OBSERVER,
  tooBig,
  wrongLanguage,
} from './sentences.ts';
import type { Tasks } from './tasks.ts';

/** Where a submission goes. */
interface Destination {
  readonly channel: GatewayChannel;
  readonly engine: LinkEngine | null;
  readonly language: Language;
  readonly metadata: JsonObject;
}

/** Bytes beside the buffers that a frame may have, roughly. */
const HEAD_ROOM = 64 * 1024;

/**
 * Submissions become messages. Those in a row that share one request (a call on many engines) share one frame, so
 * that what they carry crosses the network once.
 */
export class Submissions {
  readonly #context: LinkContext;
  readonly #roster: Roster;
  readonly #tasks: Tasks;
  #open: {
    readonly request: EngineRequest;
    readonly language: Language;
    readonly channel: GatewayChannel;
    readonly letter: Letter;
    readonly envelopes: Envelope[];
  } | null = null;
  #toldOfPriorities = false;

  constructor(context: LinkContext, roster: Roster, tasks: Tasks) {
    this.#context = context;
    this.#roster = roster;
    this.#tasks = tasks;
  }

  submit(submission: Submission): void {
    const destination = this.#destination(submission);
    const letter = destination && this.#letter(submission, destination);
    if (!destination || !letter) return;
    const { engine, language, metadata } = destination;
    const { msgId, clientId } = submission;
    const header = this.#context.header(msgId, letter.type, clientId);
    this.#open?.envelopes.push({
      target: engine?.uuid ?? null,
      header,
      parent_header: {},
      metadata,
      content: letter.content,
    });
    this.#tasks.add(submission, language, engine);
  }

  /** The end of a batch: what is open leaves. */
  flush(): void {
    const open = this.#open;
    this.#open = null;
    if (!open || open.envelopes.length === 0) return;
    const { channel, envelopes, letter } = open;
    this.#context.send({ channel, envelopes, buffers: letter.buffers });
  }

  /** The message that is under way for this request, or a new one. Null, and the task refused, if there can be none. */
  #letter(submission: Submission, { language, channel, engine }: Destination): Letter | null {
    const { request } = submission;
    const open = this.#open;
    if (open?.request === request && open.language === language && open.channel === channel) {
      return open.letter;
    }
    this.flush();
    const name = 'name' in request ? request.name : request.method;
    try {
      const letter =
        language === 'python'
          ? pythonRequest(request, submission.abortsQueueOnError)
          : jsRequest(request, submission.abortsQueueOnError);
      if (letter === null) {
        const what = request.method === 'map' ? 'map a JavaScript function' : 'call a JavaScript function';
        return this.#refuse(submission, 'TypeError', wrongLanguage(engine?.id ?? -1, what), engine);
      }
      const bytes = letter.buffers.reduce((sum, buffer) => sum + buffer.byteLength, HEAD_ROOM);
      const limit = this.#context.limits?.maxMessage ?? Infinity;
      if (bytes > limit) return this.#refuse(submission, 'ValueError', tooBig(name, bytes, limit));
      this.#open = { request, language, channel, letter, envelopes: [] };
      return letter;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return this.#refuse(submission, 'TypeError', cannotTravel(name, reason));
    }
  }

  #destination(submission: Submission): Destination | null {
    if (this.#context.role === 'observer') return this.#refuse(submission, 'PermissionError', OBSERVER);
    const { route } = submission;
    return route.type === 'direct'
      ? this.#direct(submission, route.engine)
      : this.#balanced(submission, route);
  }

  #direct(submission: Submission, id: number): Destination | null {
    const engine = this.#roster.byId(id);
    if (!engine) return this.#refuse(submission, 'IndexError', noSuchEngine(id));
    if (engine.isGone) return this.#refuse(submission, 'EngineError', engineGone(id));
    return { channel: 'mux', engine, language: engine.language, metadata: notes(submission) };
  }

  /** Tasks are of one language; in a cluster of two they name the engines that speak it. */
  #balanced(
    submission: Submission,
    { targets, terms }: Extract<Route, { type: 'balanced' }>,
  ): Destination | null {
    const wanted = targets && targets.map((id) => this.#roster.byId(id));
    const missing = targets?.find((_, i) => wanted?.[i] === undefined);
    if (missing !== undefined) return this.#refuse(submission, 'IndexError', noSuchEngine(missing));
    const among = wanted ? wanted.flatMap((engine) => engine ?? []) : this.#roster.living;
    const language = languageFor(submission.request, among);
    const fitting = among.filter((engine) => engine.language === language);
    if (among.length > 0 && fitting.length === 0) {
      return this.#refuse(submission, 'TypeError', noEngineFor(language));
    }
    const isOpen = targets === null && fitting.length === among.length;
    if (terms && terms.priority !== 0 && !this.#toldOfPriorities) {
      this.#toldOfPriorities = true;
      this.#context.notice('info', NO_PRIORITIES);
    }
    const metadata = {
      ...notes(submission),
      targets: isOpen ? [] : fitting.map((engine) => engine.uuid),
      after: dependency(terms?.after),
      follow: dependency(terms?.follow),
      timeout: terms?.timeout === 0 ? null : (terms?.timeout ?? null),
      retries: terms?.retries ?? 0,
    };
    return { channel: 'task', engine: null, language, metadata };
  }

  #refuse(submission: Submission, ename: string, evalue: string, engine: LinkEngine | null = null): null {
    const { method } = submission.request;
    const info = engine && { engineId: engine.id, engineUuid: engine.uuid, method };
    this.#tasks.refuse(submission, failed(ename, evalue, info));
    return null;
  }
}

/** Code could be either; with engines of both kinds it is JavaScript, as the notebook's own. */
function languageFor(request: EngineRequest, engines: readonly LinkEngine[]): Language {
  const isPythonOnly = engines.length > 0 && engines.every((engine) => engine.language === 'python');
  return isPythonOnly && request.method !== 'apply' && request.method !== 'map' ? 'python' : 'javascript';
}

/** What the hub's records should tell of the task, and schedulers do not look at. */
function notes({ label, runId, request, submitted }: Submission): JsonObject {
  const name = 'name' in request ? request.name : request.method;
  return { label, tutti: { name, method: request.method, runId, submitted } };
}

function dependency(spec: DependencySpec | null | undefined): JsonObject | readonly [] {
  if (!spec) return [];
  const { msgIds, all, success, failure } = spec;
  return { dependencies: msgIds, all, success, failure };
}

function jsRequest(request: EngineRequest, stopOnError: boolean): Letter {
  if (request.method !== 'execute') {
    return { type: 'apply_request', content: applyContent(request), buffers: toBuffers(request) };
  }
  const { source, url } = request.code;
  const content = { ...plainExecute(source, request.silent, stopOnError), tutti: { url } };
  return { type: 'execute_request', content, buffers: [] };
}
