import { MsgId, type ClientId, type EngineId } from '../protocol/ids.ts';
import type { Seat } from '../protocol/comm.ts';
import type { ToController } from '../protocol/client-messages.ts';
import { itemRequest, type CallItems } from '../protocol/calls.ts';
import type { BalancedRoute, EngineRequest, InitSpec, Route, Submission } from '../protocol/requests.ts';
import { CallJobs } from './call-jobs.ts';
import type { ClientEnvironment } from './environment.ts';
import type { History } from './history.ts';
import { Job, type JobFacts } from './job.ts';
import type { JobBook } from './job-book.ts';
import type { Lender } from './lender.ts';
import { sourcesOf } from './missing-names.ts';
import { holdsShared, requestName, STRANGER } from './request-facts.ts';

/** One request to submit, and whom it goes to. */
export interface Call {
  readonly route: Route;
  readonly request: EngineRequest;
  /** To be moved with the message. Calls that share one request list its buffers once. */
  readonly transfer?: readonly ArrayBuffer[];
}

export interface SubmitOptions {
  readonly label?: string | null;
  /** Overrides the request's own name in messages (`scatter`, for a push). */
  readonly name?: string;
  readonly abortsQueueOnError?: boolean;
  /** Direct executions: run again on new lives of engines. */
  readonly init?: InitSpec;
  readonly isTracked?: boolean;
  /** Errors are wanted in place of what failed. Default false. */
  readonly returnExceptions?: boolean;
  /** What is said besides when a name is not defined. */
  readonly hint?: () => string;
  /** Results are parts of a whole, read to be joined. */
  readonly isPart?: boolean;
  /** Further lists that note the ids, besides the client's own. */
  readonly history?: History;
}

/** For a request whose text is not there yet. */
export interface LateOptions extends SubmitOptions {
  readonly method: EngineRequest['method'];
  readonly name: string;
  /** It holds memory that stays shared. */
  readonly isShared?: boolean;
  /** The text of an `execute`. */
  readonly input?: string;
  /** Texts of functions that travel with it. */
  readonly sources?: readonly string[];
}

/** For a call of many tasks. */
export type CallSubmitOptions = Pick<SubmitOptions, 'label' | 'history'>;

/** Columns of so many items move with their message. */
const MOVED = 1024;

const RESUBMITTED: Omit<JobFacts, 'msgId'> = { ...STRANGER, name: 'resubmit' };

/** A task that is known here, and what hands it in. */
interface Registered {
  readonly job: Job;
  readonly send: (request: EngineRequest, transfer?: readonly ArrayBuffer[]) => void;
}

/** Of the client whose requests they are. */
interface Place {
  readonly clientId: ClientId;
  readonly environment: ClientEnvironment;
  readonly history: History;
  readonly jobs: JobBook;
  readonly lender: Lender;
  readonly post: (message: ToController, transfer?: readonly ArrayBuffer[]) => void;
}

/**
 * Hands one client's requests in: numbers them, notes them in its book and history, and posts them. Whether there is
 * anybody to hand them to is for the client to check.
 */
export class Submitter {
  readonly #place: Place;
  #submitted = 0;

  constructor(place: Place) {
    this.#place = place;
  }

  /** All in one message. */
  submit(calls: readonly Call[], options: SubmitOptions): Job[] {
    const seats = this.#seatsFor(calls.map(({ route }) => route));
    return calls.map((call, i) => this.#submitOne(call, options, seats?.[i]));
  }

  /** A call of many tasks, in one message. Its columns are not the caller's any more. */
  submitCall(route: BalancedRoute, items: CallItems, options: CallSubmitOptions): CallJobs {
    const { clientId, environment, history, jobs, lender, post } = this.#place;
    const first = this.#submitted + 1;
    const count = items.bytes.length;
    this.#submitted += count;
    const { label = null } = options;
    const { method, name, returnExceptions } = items;
    const submitted = environment.clock.now();
    const runId = environment.currentRun?.() ?? null;
    const asked = { method, name, label, submitted, runId, returnExceptions };
    const { targets, terms = null } = route;
    const facts = {
      ...asked,
      ...{ target: null, targets, terms, isTracked: false, isShared: false },
      sources: sourcesOf(itemRequest(items, 0)),
    };
    const onMade = (job: Job) => {
      jobs.note(job);
    };
    const call = new CallJobs({ clientId, first, count, facts, onMade });
    jobs.addCall(call);
    history.add(first, count);
    options.history?.add(first, count);
    if (environment.blocker) lender.offer(method);
    const columns = count < MOVED ? [] : [...items.columns, items.bytes];
    const transfer = columns.flatMap((column) =>
      column instanceof Float64Array ? [column.buffer as ArrayBuffer] : [],
    );
    post(
      { type: 'submit-call', call: { clientId, first, count, route, items, label, submitted, runId } },
      transfer,
    );
    return call;
  }

  /** When the text is there; the tasks are there at once, and fail if the text cannot be had. */
  submitLater(routes: readonly Route[], request: Promise<EngineRequest>, options: LateOptions): Job[] {
    const seats = this.#seatsFor(routes);
    const made = routes.map((route, i) => this.#register(route, options, seats?.[i]));
    request.then(
      (known) => {
        for (const { job, send } of made) if (job.isPending) send(known);
      },
      (error: unknown) => {
        const { environment, jobs } = this.#place;
        for (const { job } of made) jobs.fail(job.facts.msgId, error as Error, environment.clock.now());
      },
    );
    return made.map(({ job }) => job);
  }

  /** Remembered requests again, under new ids. */
  resubmit(msgIds: readonly MsgId[]): Job[] {
    const { clientId, environment, history, jobs: book, post } = this.#place;
    const submitted = environment.clock.now();
    const runId = environment.currentRun?.() ?? null;
    const jobs = msgIds.map((from) => {
      const n = ++this.#submitted;
      const known = book.find(from)?.facts;
      const { name, method, label, sources, returnExceptions = false } = known ?? RESUBMITTED;
      const msgId = MsgId.create(clientId, n);
      const facts = {
        msgId,
        method,
        name,
        label,
        submitted,
        target: null,
        runId,
        isTracked: false,
        isShared: false,
        sources,
        returnExceptions,
      };
      const job = new Job(facts);
      book.add(job);
      history.add(n);
      return { from, job };
    });
    const tasks = jobs.map(({ from, job }) => ({ from, to: job.facts.msgId }));
    post({ type: 'resubmit', clientId, tasks, submitted, runId });
    return jobs.map(({ job }) => job);
  }

  /** A call on several engines makes a group of them: the next ids are theirs. */
  #seatsFor(routes: readonly Route[]): Seat[] | null {
    if (routes.length < 2) return null;
    const engines: EngineId[] = [];
    for (const route of routes) if (route.type === 'direct') engines.push(route.engine);
    if (engines.length < routes.length) return null;
    const group = { id: MsgId.create(this.#place.clientId, this.#submitted + 1), engines };
    return engines.map((_, rank) => ({ group, rank }));
  }

  #submitOne({ route, request, transfer }: Call, options: SubmitOptions, seat?: Seat): Job {
    const { method } = request;
    const about = {
      name: requestName(request),
      ...options,
      method,
      sources: sourcesOf(request),
      isShared: holdsShared(request),
      ...(request.method === 'execute' && { input: request.code.source }),
    };
    const { job, send } = this.#register(route, about, seat);
    send(request, transfer);
    return job;
  }

  #register(route: Route, options: LateOptions, seat?: Seat): Registered {
    const { clientId, environment, history, jobs, lender, post } = this.#place;
    const n = ++this.#submitted;
    const msgId = MsgId.create(clientId, n);
    const submitted = environment.clock.now();
    const runId = environment.currentRun?.() ?? null;
    const {
      label = null,
      isTracked = false,
      isShared = false,
      isPart = false,
      returnExceptions = false,
      abortsQueueOnError = false,
      sources = [],
      method,
      name,
    } = options;
    const target = route.type === 'direct' ? route.engine : null;
    const targets = route.type === 'balanced' ? route.targets : null;
    const terms = (route.type === 'balanced' ? route.terms : undefined) ?? null;
    const job = new Job({
      msgId,
      method,
      name,
      label,
      submitted,
      target,
      runId,
      isTracked,
      isShared,
      isPart,
      returnExceptions,
      hint: options.hint,
      input: options.input,
      sources,
      terms,
      targets,
    });
    jobs.add(job);
    history.add(n);
    options.history?.add(n);
    const { init } = options;
    const send: Registered['send'] = (request, transfer) => {
      const submission: Submission = {
        ...{ msgId, clientId, route, request, label, submitted, runId, abortsQueueOnError },
        ...(init && { init }),
        ...(seat && { seat }),
        ...(isTracked && { tracked: true }),
      };
      if (environment.blocker) lender.offer(request.method);
      post({ type: 'submit', submission }, transfer);
    };
    return { job, send };
  }
}
