import type { MsgId } from '../protocol/ids.ts';
import type { TaskRecord } from '../protocol/task-record.ts';
import type { AsyncResult } from './async-result/async-result.ts';
import type { Metadata } from './async-result/metadata.ts';
import type { WaitInteractiveOptions } from './async-result/wait-interactive.ts';
import { ClientCore } from './client-core.ts';
import type { ClientEnvironment } from './environment.ts';
import { exportHistory } from './history-export.ts';
import { askDatabase, askHistory, askStory, type QueryOptions } from './hub-database.ts';
import type { TargetSpec } from './indexing.ts';
import { abortJobs, jobsOrPending, knownMetadata, knownResults, watchJobs } from './known-jobs.ts';
import {
  blockForJobs,
  msgIdsOf,
  resubmitted,
  resultOf,
  tellEach,
  waitForAll,
  type AwaitSpec,
  type JobSpec,
} from './job-specs.ts';
import { readOptions } from './options.ts';
import { purgeHere, purgeInHub, readPurge } from './purge.ts';
import { resultStatus, type ResultStatus } from './result-status.ts';
import { spell } from './spelling.ts';
import type { Story } from './story.ts';
import { Indexed } from './views/indexed.ts';

/** A client's requests, and those of others: waited for, ended, run again, looked up in the hub's database, forgotten. */
export abstract class ClientRequests extends Indexed {
  readonly #core: ClientCore;

  constructor(environment: ClientEnvironment) {
    super();
    this.#core = new ClientCore(environment);
  }

  /** Ids of all messages of this client, in order of submission. */
  get history(): MsgId[] {
    return this.core.history.toArray();
  }

  get outstanding(): Set<MsgId> {
    return this.core.outstanding;
  }

  /** Results that are there and still held by somebody, by message id. */
  get results(): Record<MsgId, unknown> {
    return knownResults(this.core);
  }

  /** The facts about requests that are pending or still held by somebody, by message id. */
  get metadata(): Record<MsgId, Metadata> {
    return knownMetadata(this.core);
  }

  /** Whether the jobs (default: all that is outstanding; promises too) end within `timeout` seconds; never rejects
   * with their errors. */
  wait(jobs?: AwaitSpec | null, timeout?: number | null): Promise<boolean> {
    return waitForAll(this.core, this.core.history, jobs ?? [...this.core.outstanding], timeout);
  }

  /**
   * Waits for the jobs (default: all that is outstanding) with a progress bar in the output; at once when there
   * are none. Never rejects with the tasks' errors.
   */
  waitInteractive(jobs?: JobSpec | null, options?: WaitInteractiveOptions): Promise<void> {
    return watchJobs(this.core, jobs, options);
  }

  /**
   * Which of these requests, of any client, have ended; with `statusOnly: false`, their results too, by id.
   * Waits for none. Rejects with KeyError for unknown ids.
   */
  resultStatus(jobs: JobSpec, options?: { readonly statusOnly?: boolean }): Promise<ResultStatus> {
    const { statusOnly = true } = readOptions(options, ['statusOnly'], 'resultStatus');
    return resultStatus(this.core, msgIdsOf(jobs, this.core.history), statusOnly);
  }

  /** `wait`, blocking. */
  waitSync(jobs?: JobSpec | null, timeout?: number | null): boolean {
    return blockForJobs(this.core, jobsOrPending(this.core, jobs), timeout, 'await rc.wait()');
  }

  /**
   * A further AsyncResult on requests of any client: by id, AsyncResult, place in `history` (default: the
   * last), or a list of these. Rejects with KeyError "No such message" for unknown ids.
   */
  getResult(ids: JobSpec = -1): AsyncResult {
    return resultOf(this.core, this.core.history, ids);
  }

  /** Takes jobs that have not started (default: all outstanding) out of the queues, on `targets` only if given. */
  abort(jobs?: JobSpec | null, targets?: TargetSpec): Promise<void> {
    return abortJobs(this.core, jobs, targets);
  }

  /** Ends jobs: queued ones leave the queues, running ones are interrupted, then terminated. */
  cancel(jobs: JobSpec): void {
    tellEach(this.core, msgIdsOf(jobs, this.core.history), (reaching, msgIds) => {
      reaching.post({ type: 'cancel', msgIds });
    });
  }

  /**
   * Runs requests of any client once more (default: the last), as they were submitted but under new ids; the
   * records of the old ones name the new ones (`resubmitted`). The result fails with KeyError for a request that
   * is not remembered, or whose big buffers were moved to an engine.
   */
  resubmit(jobs: JobSpec = -1): AsyncResult {
    return resubmitted(this.core, jobs);
  }

  // The hub's database

  /** The life of one task, as far as the hub remembers it: what happened to it, when, and where. */
  story(job: JobSpec): Promise<Story> {
    return askStory(this.core, job);
  }

  /** Ids of all messages of all clients, by time of submission. */
  hubHistory(): Promise<MsgId[]> {
    return askHistory(this.core);
  }

  /**
   * What the hub remembers of the tasks that match, by time of submission: copies. `query` is MongoDB's:
   * `{ label: 'fit', started: { $gt: date } }`, with `$eq $ne $lt $lte $gt $gte $in $nin $all $mod $exists
   * $regex $and $or $nor $not` and our `$glob` (`{ label: { $glob: 'fit-*' } }`). Expressions are matched in linear time,
   * so they look neither ahead nor behind and refer to no groups. `keys`: only these, and
   * `msgId`; payloads (`buffers`, `resultBuffers`, `result`) come only when they are named.
   * Rejects with ValueError for what is no query, and for keys that do not exist.
   */
  dbQuery(query: object, keys?: QueryOptions): Promise<TaskRecord[]> {
    return askDatabase(this.core, query, keys);
  }

  /**
   * The history of the cluster as JSON text, by time of submission: every task with what it ran, when, where and
   * with what outcome, and its result where JSON can hold it.
   */
  exportHistory(query: object = {}): Promise<string> {
    return exportHistory(this.core, query);
  }

  /**
   * Forgets finished tasks, here and in the hub: these jobs, those of these engines, or `'all'`. Their
   * AsyncResults keep what they have. Rejects with RuntimeError when a job is outstanding, IndexError when it is
   * another client's and pending, ValueError when nothing is named.
   */
  async purgeResults(jobs?: JobSpec | null, targets?: TargetSpec): Promise<void> {
    this.purgeLocalResults(jobs, targets);
    await this.purgeHubResults(jobs, targets);
  }

  /** The part of `purgeResults` that is here. @throws RuntimeError; ValueError. */
  purgeLocalResults(jobs?: JobSpec | null, targets?: TargetSpec): void {
    purgeHere(this.core, readPurge(this.core, jobs, targets));
  }

  /** The part of `purgeResults` that is in the hub. */
  async purgeHubResults(jobs?: JobSpec | null, targets?: TargetSpec): Promise<void> {
    await purgeInHub(this.core, readPurge(this.core, jobs, targets));
  }

  /** `purgeResults('all')`, and the lists of ids are empty too. */
  async purgeEverything(): Promise<void> {
    await this.purgeResults('all');
    this.core.history.clear();
  }

  // For subclasses

  protected get core(): ClientCore {
    return this.#core;
  }
}

spell(ClientRequests);
