import { assertNever } from '../base/assert.ts';
import { submissionsOf } from '../protocol/calls.ts';
import type { ToController } from '../protocol/client-messages.ts';
import type { ClientId, EngineId, EngineUuid, MsgId } from '../protocol/ids.ts';
import type { JsonObject, JupyterMessage } from '../protocol/jupyter-message.ts';
import type { InitSpec, Submission } from '../protocol/requests.ts';
import { Arrivals } from './arrivals.ts';
import { LinkContext } from './context.ts';
import type { LinkEffect, LinkEvent } from './events.ts';
import { dictionary, textOf, textOrNull } from './json.ts';
import { whoIs, pythonResult } from './python/python-engine.ts';
import { Questions } from './questions.ts';
import { Requests } from './requests.ts';
import { Roster, type LinkEngine } from './roster.ts';
import { Submissions } from './submissions.ts';
import { ABORTED, diedWith, failed, LEFT_CLUSTER, leftNotice, lostTask, ranTooLong } from './sentences.ts';
import { neverRan, Tasks, type LinkTask } from './tasks.ts';

/**
 * The brain of the link to a real IPython.parallel cluster: it speaks the controller's protocol with our clients
 * and IPython.parallel's messages with the cluster, and translates. What schedulers and hub do there it leaves to
 * them; what a client of such a cluster has to do itself it does: it fails direct work of engines that are gone,
 * takes the first of several replies, and lets replies wait for their output.
 *
 * Pure: events in, effects out.
 */
export class GatewayLink {
  readonly #context: LinkContext;
  readonly #roster = new Roster();
  readonly #tasks: Tasks;
  readonly #requests: Requests;
  readonly #submissions: Submissions;
  readonly #arrivals: Arrivals;
  readonly #questions: Questions;
  readonly #clients = new Set<ClientId>();
  /** Code for engines that come later, by its key. */
  readonly #inits = new Map<string, Submission>();
  /** What comes before it is known who is there: results from before a reload. Null: it is known. */
  #early: JupyterMessage[] | null = [];
  /** Questions that came before that was known: who asks how full an engine is means those that are there. */
  #held: Extract<ToController, { type: 'ask' }>[] = [];
  #ended: string | null = null;

  /** `session`: a name that no other client of the cluster has. */
  constructor(session: string) {
    this.#context = new LinkContext(session);
    this.#tasks = new Tasks(this.#context, this.#roster);
    this.#requests = new Requests(this.#context);
    this.#submissions = new Submissions(this.#context, this.#roster, this.#tasks);
    this.#arrivals = new Arrivals(this.#context, this.#roster, this.#tasks, this.#clients);
    this.#questions = new Questions(this.#context, this.#roster, this.#tasks, this.#requests);
  }

  handle(event: LinkEvent): readonly LinkEffect[] {
    this.#context.at = event.at;
    switch (event.type) {
      case 'welcomed':
        this.#context.role = event.role;
        this.#context.limits = event.limits;
        if (event.state !== 'resumed') this.#connect(event.state === 'patchy' ? event.cutAt : null);
        break;
      case 'received':
        this.#received(event.channel, event.message);
        break;
      case 'heard':
        for (const message of event.messages) this.#heard(message);
        this.#submissions.flush();
        break;
      case 'timer-reached':
        this.#timerReached(event.timer);
        break;
      case 'ended':
        this.#end(event.reason);
        break;
      default:
        assertNever(event);
    }
    this.#publish();
    return this.#context.take();
  }

  #publish(): void {
    if (!this.#roster.isChanged) return;
    this.#roster.isChanged = false;
    this.#context.tell({ type: 'engines', engines: this.#ended === null ? this.#roster.states : [] });
  }

  // What comes from the cluster

  /** Asks who is there. `cutAt`: messages may have been lost, so what was pending then is asked for, too. */
  #connect(cutAt: number | null): void {
    this.#requests.repeat();
    this.#requests.askHub('connection_request', {}, (answer) => {
      if (answer.ok) this.#meet(dictionary(answer.content['engines']));
      for (const { clientId, n, question } of this.#held.splice(0))
        this.#questions.ask(clientId, n, question);
      for (const task of this.#tasks.pending) if (task.submitted < (cutAt ?? 0)) this.#recover(task);
    });
  }

  #meet(engines: JsonObject): void {
    const uuids = new Set(Object.values(engines));
    for (const engine of this.#roster.living) if (!uuids.has(engine.uuid)) this.#lost(engine.uuid);
    for (const [id, uuid] of Object.entries(engines)) this.#joined(Number(id), textOf(uuid));
    const early = this.#early ?? [];
    this.#early = null;
    for (const message of early) this.#arrivals.reply(message);
  }

  #received(channel: string, message: JupyterMessage): void {
    switch (channel) {
      case 'iopub':
        this.#arrivals.output(message);
        break;
      case 'notification':
        this.#notified(message);
        break;
      case 'registration':
      case 'control':
        this.#requests.receive(message);
        break;
      default:
        // Probes are requests of the link's own that travel with the others.
        if (this.#requests.receive(message)) break;
        if (this.#early === null) this.#arrivals.reply(message);
        else this.#early.push(message);
    }
  }

  #notified({ header, content }: JupyterMessage): void {
    const uuid = textOf(content['uuid']);
    if (header.msg_type === 'registration_notification') this.#joined(Number(content['id']), uuid);
    else if (header.msg_type === 'unregistration_notification') this.#lost(uuid);
  }

  #joined(id: EngineId, uuid: string): void {
    const engine = this.#roster.add(id, uuid);
    if (!engine || this.#context.role === 'observer') return;
    this.#probe(engine);
    for (const init of this.#inits.values()) this.#initialise(engine, init);
  }

  #lost(uuid: string): void {
    const engine = this.#roster.lose(uuid);
    if (!engine) return;
    // Schedulers take care of load-balanced tasks; direct ones are their client's affair.
    for (const task of this.#tasks.pending) {
      if (task.engine !== engine) continue;
      this.#context.note('engine-lost', task.msgId, engine.id, LEFT_CLUSTER);
      if (!task.isDirect) continue;
      const sentence = diedWith(engine.id, task.name, task.isRunning);
      const facts = { ...neverRan(), started: null };
      this.#tasks.end(task, failed('EngineError', sentence), facts, engine);
    }
    this.#requests.engineGone(uuid, diedWith(engine.id, 'its last order', true));
    this.#context.notice('warning', leftNotice(engine.id));
  }

  /** Asks where an engine runs: ipyparallel's hub does not tell. */
  #probe(engine: LinkEngine): void {
    const tell = (facts: unknown): void => {
      engine.host = textOrNull(dictionary(facts)['host']);
      this.#roster.touch();
    };
    if (engine.language === 'javascript') {
      this.#requests.orderEngine(engine.uuid, 'kernel_info_request', {}, (answer) => {
        if (answer.ok) tell(answer.content['tutti']);
      });
      return;
    }
    this.#requests.askEngine(engine.uuid, whoIs(), (answer) => {
      if (!answer.ok) return;
      try {
        tell(pythonResult(answer.message.buffers).value);
      } catch {
        // An engine that tells no host has none in the list.
      }
    });
  }

  // What comes from clients

  #heard(message: ToController): void {
    if (this.#ended !== null) {
      this.#refuseAll(message, this.#ended);
      return;
    }
    if (message.type !== 'submit' && message.type !== 'submit-call') this.#submissions.flush();
    switch (message.type) {
      case 'connect':
        this.#clients.add(message.clientId);
        this.#roster.touch();
        break;
      case 'disconnect':
        this.#clients.delete(message.clientId);
        this.#abort(this.#tasks.forget(message.clientId));
        break;
      case 'submit':
        this.#remember(message.submission);
        this.#submissions.submit(message.submission);
        break;
      case 'submit-call':
        // A real cluster knows no calls.
        for (const submission of submissionsOf(message.call)) this.#submissions.submit(submission);
        break;
      case 'abort':
        this.#abort(this.#named(message.msgIds, 'abort-asked'));
        break;
      case 'cancel':
        this.#cancel(this.#named(message.msgIds, 'cancel-asked'));
        break;
      case 'interrupt':
        this.#interrupt(message.engines);
        break;
      case 'resubmit':
        for (const task of message.tasks) this.#resubmit(message.clientId, task.from, task.to);
        break;
      case 'lend':
        // Memory does not reach beyond this machine.
        break;
      case 'ask':
        if (this.#early !== null) this.#held.push(message);
        else this.#questions.ask(message.clientId, message.n, message.question);
        break;
      default:
        assertNever(message);
    }
  }

  /** Those that are under way; `what` has been asked of them. */
  #named(msgIds: readonly MsgId[], what: string): LinkTask[] {
    const tasks = msgIds.flatMap((msgId) => this.#tasks.find(msgId) ?? []);
    for (const { msgId, engine } of tasks) this.#context.note(what, msgId, engine?.id ?? null);
    return tasks;
  }

  /** Engines answer for what has come to them. What the scheduler may still have ends here, and is refused there. */
  #abort(tasks: readonly LinkTask[]): void {
    const waiting = tasks.filter((task) => !task.isRunning && task.reply === null);
    for (const engine of this.#roster.living) {
      const its = waiting.filter((task) => task.engine === engine || task.engine === null);
      const msgIds = its.map((task) => task.msgId);
      if (msgIds.length > 0) this.#requests.orderEngine(engine.uuid, 'abort_request', { msg_ids: msgIds });
    }
    for (const task of waiting) {
      if (task.engine === null)
        this.#tasks.end(task, { status: 'aborted', reason: ABORTED }, neverRan(), null);
    }
  }

  #cancel(tasks: readonly LinkTask[]): void {
    const running = tasks.filter((task) => task.isRunning && task.reply === null);
    this.#abort(tasks);
    for (const uuid of new Set(running.map((task) => task.engine?.uuid))) {
      if (uuid !== undefined) this.#signal(uuid);
    }
  }

  #interrupt(ids: readonly EngineId[] | null): void {
    const engines = ids === null ? this.#roster.living : ids.flatMap((id) => this.#roster.byId(id) ?? []);
    for (const engine of engines) if (!engine.isGone) this.#signal(engine.uuid);
  }

  /** SIGINT: JavaScript engines end the request and keep their names, as Python's do. */
  #signal(uuid: EngineUuid): void {
    this.#requests.orderEngine(uuid, 'signal_request', { sig: 2 });
  }

  /** The hub runs it again under an id of its own, and keeps the result; it is fetched from there. */
  #resubmit(clientId: ClientId, from: MsgId, to: MsgId): void {
    const refuse = (ename: string, evalue: string): void => {
      this.#tasks.refuse({ msgId: to, clientId }, failed(ename, evalue));
    };
    this.#requests.askHub('resubmit_request', { msg_ids: [from] }, (answer) => {
      if (!answer.ok) {
        refuse(answer.ename, answer.evalue);
        return;
      }
      const own = textOf(dictionary(answer.content['resubmitted'])[from]) as MsgId;
      this.#questions.result(
        own,
        (settlement) => {
          this.#context.settle(clientId, structuredClone({ ...settlement, msgId: to }));
        },
        (refusal) => {
          if (!refusal.ok) refuse(refusal.ename, refusal.evalue);
        },
      );
    });
  }

  /** The connection was cut for too long: the hub may know what became of the task. */
  #recover(task: LinkTask): void {
    const lost = (): void => {
      this.#tasks.end(task, failed('EngineError', lostTask(task.name)), neverRan(), task.engine);
    };
    const content = { msg_ids: [task.msgId], status_only: false };
    this.#requests.askHub('result_request', content, (answer) => {
      if (!answer.ok) lost();
      else if (Array.isArray(answer.content['completed']) && answer.content['completed'].length > 0) {
        const { outcome, facts, engineUuid } = this.#questions.settlementOf(task.msgId, answer.message);
        this.#tasks.end(task, outcome, facts, this.#roster.byUuid(engineUuid) ?? task.engine);
      } else {
        // It runs still. Its reply comes by itself, or went to a connection that is no more.
        this.#questions.later(() => {
          if (this.#tasks.find(task.msgId) === task) this.#recover(task);
        });
      }
    });
  }

  // Code for later engines

  #remember(submission: Submission): void {
    if (submission.init?.everywhere) this.#inits.set(initKey(submission.init), submission);
  }

  #initialise(engine: LinkEngine, init: Submission): void {
    if (init.request.method !== 'execute') return;
    const msgId = this.#context.newId() as MsgId;
    const { request, label, submitted, runId } = init;
    const clientId = this.#context.session as ClientId;
    const route = { type: 'direct', engine: engine.id } as const;
    const abortsQueueOnError = false;
    const own = { msgId, clientId, route, request, label, submitted, runId, abortsQueueOnError };
    this.#submissions.submit(own);
    this.#submissions.flush();
  }

  // Timers and the end

  #timerReached(timer: string): void {
    const [, kind, msgId] = /^(drain|limit) (.*)$/.exec(timer) ?? [];
    if (msgId === undefined) this.#questions.timerReached(timer);
    else if (kind === 'drain') this.#arrivals.drained(msgId);
    else this.#overran(msgId);
  }

  #overran(msgId: string): void {
    const task = this.#tasks.find(msgId);
    if (!task?.isRunning || !task.engine || task.reply) return;
    this.#context.note('ran too long', task.msgId, task.engine.id);
    this.#signal(task.engine.uuid);
    const outcome = failed('TaskTimeout', ranTooLong(task.name, task.runTimeout));
    this.#tasks.end(task, outcome, neverRan(), task.engine);
  }

  #end(reason: string): void {
    if (this.#ended !== null) return;
    this.#ended = reason;
    for (const task of this.#tasks.pending) {
      this.#tasks.end(task, failed('EngineError', reason), neverRan(), task.engine);
    }
    // Before the answers that let them go.
    for (const question of this.#held.splice(0)) this.#refuseAll(question, reason);
    this.#requests.end(reason);
    this.#roster.touch();
  }

  #refuseAll(message: ToController, reason: string): void {
    if (message.type === 'submit') this.#tasks.refuse(message.submission, failed('EngineError', reason));
    else if (message.type === 'submit-call') {
      for (const submission of submissionsOf(message.call))
        this.#tasks.refuse(submission, failed('EngineError', reason));
    } else if (message.type === 'resubmit') {
      const { clientId, tasks } = message;
      for (const { to } of tasks) this.#tasks.refuse({ msgId: to, clientId }, failed('EngineError', reason));
    } else if (message.type === 'ask') {
      const { clientId, n } = message;
      const answer = { ok: false, ename: 'EngineError', evalue: reason } as const;
      this.#context.tell({ type: 'answer', clientId, n, answer });
    }
  }
}

function initKey(init: InitSpec): string {
  return init.key;
}
