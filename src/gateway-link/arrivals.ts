import type { EngineInfo, WireError } from '../protocol/errors.ts';
import { parentOf, type JsonObject, type JupyterMessage } from '../protocol/jupyter-message.ts';
import { MsgId, type ClientId } from '../protocol/ids.ts';
import type { Marked, MimeBundle, StreamEvent } from '../protocol/outputs.ts';
import { pack } from '../protocol/pack.ts';
import type { Outcome, RunFacts } from '../protocol/replies.ts';
import { eventOf, hasPayload, replyOf } from '../transport/remote/payload.ts';
import type { LinkContext } from './context.ts';
import { pythonResult } from './python/python-engine.ts';
import { dictionary, textOf, timeOf } from './json.ts';
import type { LinkEngine, Roster } from './roster.ts';
import { ABORTED, cannotAnswer, failed, schedulerSentence } from './sentences.ts';
import { drainTimer, limitTimer, type LinkTask, type Tasks } from './tasks.ts';

/** Seconds that a reply waits for the last output, which comes on another socket. */
const DRAIN = 1;

/**
 * What engines say: replies, and what they print and show. A reply may overtake output; a task ends when its engine
 * says that it is idle again, or a moment after its reply. Replies may come twice; the first counts.
 */
export class Arrivals {
  readonly #context: LinkContext;
  readonly #roster: Roster;
  readonly #tasks: Tasks;
  readonly #clients: ReadonlySet<ClientId>;

  /** `clients`: those that are here. */
  constructor(context: LinkContext, roster: Roster, tasks: Tasks, clients: ReadonlySet<ClientId>) {
    this.#context = context;
    this.#roster = roster;
    this.#tasks = tasks;
    this.#clients = clients;
  }

  /** On `mux`, `task` or `broadcast`. */
  reply(message: JupyterMessage): void {
    const parent = parentOf(message);
    const engine = this.#roster.byUuid(message.metadata['engine']) ?? null;
    const task = this.#tasks.find(parent?.msg_id);
    if (!task) {
      if (parent) this.#keepStray(parent.msg_id as MsgId, message, engine);
      return;
    }
    if (task.reply) return;
    const language = engine?.language ?? task.language;
    const read = readReply(message, engine, { ...task, language });
    if (engine && read.names) engine.names = read.names;
    task.reply = { outcome: read.outcome, facts: read.facts, engine };
    if (engine) this.#context.note('replied', task.msgId, engine.id, read.outcome.status);
    const neverRan = read.outcome.status === 'aborted' || engine === null;
    if (neverRan || task.isIdle) this.#end(task);
    else this.#context.emit({ type: 'set-timer', timer: drainTimer(task.msgId), delay: DRAIN });
  }

  /** The last output of that task does not come. */
  drained(msgId: string): void {
    const task = this.#tasks.find(msgId);
    if (task) this.#end(task);
  }

  /** On `iopub`: of all clients' tasks. */
  output(message: JupyterMessage): void {
    const parent = parentOf(message);
    if (!parent) return;
    const task = this.#tasks.find(parent.msg_id);
    if (message.header.msg_type === 'status') this.#status(message, parent.msg_id, task);
    else if (task) this.#output(message, task);
    else this.#late(message, parent.msg_id as MsgId);
  }

  #status({ header, content }: JupyterMessage, parentId: string, task: LinkTask | undefined): void {
    // Engines sign with their uuid as the session.
    const engine = this.#roster.byUuid(header.session) ?? task?.engine ?? null;
    const isBusy = content['execution_state'] === 'busy';
    if (engine) {
      const name = task?.name ?? 'another client';
      if (isBusy) engine.running = { msgId: parentId as MsgId, name, since: this.#context.at };
      else if (engine.running?.msgId === parentId) engine.running = null;
      this.#roster.touch();
    }
    if (!task) return;
    if (isBusy) {
      if (task.runTimeout > 0) {
        this.#context.emit({ type: 'set-timer', timer: limitTimer(task.msgId), delay: task.runTimeout });
      }
      task.isRunning = true;
      task.isIdle = false;
      this.#context.note('started', task.msgId, engine?.id ?? null);
      if (engine && task.engine !== engine) this.#tasks.assign(task, engine);
    } else if (content['execution_state'] === 'idle') {
      task.isIdle = true;
      if (task.reply) this.#end(task);
    }
  }

  #output(message: JupyterMessage, task: LinkTask): void {
    const engine = this.#roster.byUuid(message.header.session) ?? task.engine;
    if (!engine) return;
    if (message.header.msg_type === 'execute_result') {
      task.executeResult = bundleOf(message.content);
      return;
    }
    const event = readEvent(message);
    const { clientId, msgId } = task;
    if (event) this.#context.tell({ type: 'event', clientId, msgId, engineId: engine.id, event });
  }

  /** What a task of a client here prints or shows when it has ended: of timers, and of code that nobody awaits. */
  #late(message: JupyterMessage, msgId: MsgId): void {
    const clientId = MsgId.client(msgId);
    const engine = this.#roster.byUuid(message.header.session);
    const event = this.#clients.has(clientId) && engine ? readEvent(message) : null;
    if (event && engine) this.#context.tell({ type: 'event', clientId, msgId, engineId: engine.id, event });
  }

  #end(task: LinkTask): void {
    const { reply, executeResult } = task;
    if (!reply) return;
    const facts = { ...reply.facts, executeResult: reply.facts.executeResult ?? executeResult };
    this.#tasks.end(task, reply.outcome, facts, reply.engine);
  }

  /** Of a task from before a reload of the page, or of one that has ended here already. */
  #keepStray(msgId: MsgId, message: JupyterMessage, engine: LinkEngine | null): void {
    if (this.#tasks.finished(msgId)) return;
    const language = engine?.language ?? 'javascript';
    const { outcome, facts } = readReply(message, engine, { name: 'task', method: 'apply', language });
    const { id = null, uuid = null } = engine ?? {};
    this.#tasks.keep({ msgId, outcome, facts, engineId: id, engineUuid: uuid });
  }
}

interface ReadReply {
  readonly outcome: Outcome;
  readonly facts: RunFacts;
  readonly names?: readonly string[];
}

type About = Pick<LinkTask, 'name' | 'method' | 'language'>;

/** What a reply tells, of whichever kind of engine, or of the scheduler. Never throws. */
export function readReply(message: JupyterMessage, engine: LinkEngine | null, about: About): ReadReply {
  try {
    if (hasPayload(message)) return replyOf(message);
    const facts = plainFacts(message);
    return { outcome: plainOutcome(message, engine, about), facts };
  } catch {
    return { outcome: failed('RuntimeError', cannotAnswer(about.name)), facts: plainFacts(message) };
  }
}

function plainOutcome(
  { content, buffers }: JupyterMessage,
  engine: LinkEngine | null,
  about: About,
): Outcome {
  switch (content['status']) {
    case 'ok': {
      const brings = about.method === 'pull' || about.method === 'push';
      return { status: 'ok', value: brings && buffers.length > 0 ? pythonResult(buffers) : pack(null) };
    }
    case 'aborted':
      return { status: 'aborted', reason: ABORTED };
    default:
      return { status: 'error', error: plainError(content, engine, about) };
  }
}

function plainError(content: JsonObject, engine: LinkEngine | null, { name, method }: About): WireError {
  const ename = textOf(content['ename'], 'Error');
  const ofScheduler = engine === null ? schedulerSentence(ename, name) : null;
  const evalue = ofScheduler ?? textOf(content['evalue'], '');
  const lines = Array.isArray(content['traceback']) ? content['traceback'].map(String) : [];
  // What a push or pull runs is our own code; schedulers send tracebacks of theirs.
  const isOurs = engine === null || lines.length === 0 || method === 'push' || method === 'pull';
  const engineInfo: EngineInfo | null = engine && { engineId: engine.id, engineUuid: engine.uuid, method };
  return {
    ename,
    evalue,
    traceback: isOurs ? [evalue === '' ? ename : `${ename}: ${evalue}`] : lines,
    frames: [],
    engineInfo,
  };
}

function plainFacts({ header, metadata, content }: JupyterMessage): RunFacts {
  const count = content['execution_count'];
  return {
    started: timeOf(metadata['started']),
    completed: timeOf(header.date),
    executeResult: null,
    executionCount: typeof count === 'number' ? count : 0,
  };
}

/** Null for what is nothing to show. */
export function readEvent(message: JupyterMessage): StreamEvent | null {
  const { header, content } = message;
  switch (header.msg_type) {
    case 'stream':
      return {
        type: 'stream',
        name: content['name'] === 'stderr' ? 'stderr' : 'stdout',
        text: textOf(content['text'], ''),
        ...markIn(message),
      };
    case 'display_data':
    case 'update_display_data': {
      const id = dictionary(content['transient'])['display_id'];
      return {
        type: 'display',
        bundle: bundleOf(content),
        ...(typeof id === 'string' ? { displayId: id } : {}),
        ...(header.msg_type === 'display_data' ? {} : { update: true }),
        ...markIn(message),
      };
    }
    case 'clear_output':
      return { type: 'clear-output', wait: content['wait'] === true };
    case 'data_pub':
      return hasPayload(message) ? eventOf(message) : null;
    default:
      return null;
  }
}

function markIn({ metadata }: JupyterMessage): Marked {
  return metadata['tutti_late'] === true ? { isLate: true } : {};
}

function bundleOf(content: JsonObject): MimeBundle {
  return { data: dictionary(content['data']), metadata: dictionary(content['metadata']) };
}
