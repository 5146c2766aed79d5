import type { EngineState } from '../../protocol/client-messages.ts';
import type { EngineId, MsgId } from '../../protocol/ids.ts';
import type { DependencySpec } from '../../protocol/terms.ts';
import type { Job } from '../job.ts';

/** What the client knows when somebody asks why. */
export interface Known {
  readonly engines: readonly EngineState[];
  readonly find: (msgId: MsgId) => Job | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** One sentence: what a group of jobs waits for, from what the client knows. */
export function whyPending(jobs: readonly Job[], known: Known): string {
  const pending = jobs.filter((job) => job.isPending);
  const [first] = pending;
  if (!first) return 'It is done; it waits for nothing.';
  const stuck = pending.filter((job) => job.waitsFor !== null);
  if (stuck.length > 0) return whyStuck(stuck, pending.length);
  const reason = whyOne(first, known);
  return pending.length === 1 ? `${reason}.` : `${reason}; ${String(pending.length - 1)} more are pending.`;
}

/** Engines that wait for messages of each other. */
function whyStuck(stuck: readonly Job[], pending: number): string {
  const list = stuck.map(
    ({ engineId, waitsFor }) => `engine ${String(engineId)} waits in ${String(waitsFor)}`,
  );
  const sentence = list.join(', ').replace(/^e/, 'E');
  if (stuck.length < pending) return `${sentence}; ${String(pending - stuck.length)} more are pending.`;
  return pending === 1 ? `${sentence}.` : `${sentence}: each waits for another, a deadlock.`;
}

function whyOne(job: Job, known: Known): string {
  const { engines, now } = known;
  const runner = engines.find((engine) => engine.running?.msgId === job.facts.msgId);
  if (runner?.running) {
    const seconds = Math.max(0, (now - runner.running.since) / 1000).toFixed(1);
    const again = job.tried.some(({ cause }) => cause === 'failed') ? ', after it failed elsewhere' : '';
    return `Engine ${String(runner.id)} has been running ${subjectOf(job)} for ${seconds} s${again}`;
  }
  const engine = engines.find((candidate) => candidate.id === job.engineId);
  return engine ? whyAt(engine, job) : whyUnassigned(job, known);
}

function subjectOf({ facts }: Job): string {
  return `${facts.name} (${facts.msgId})`;
}

function whyAt(engine: EngineState, job: Job): string {
  const subject = subjectOf(job);
  const place = `engine ${String(engine.id)}`;
  if (engine.status === 'starting') return `${subject} waits for ${place}, which is starting`;
  if (engine.status === 'dead') return `${subject} waits for word of the death of ${place}`;
  if (!engine.running) return `${subject} is on its way to or from ${place}`;
  return `${subject} is in the queue of ${place}, which is running ${engine.running.name}`;
}

function whyUnassigned(job: Job, known: Known): string {
  const subject = subjectOf(job);
  const { terms } = job.facts;
  const dependency = [terms?.after, terms?.follow].find((spec) => spec && isOpen(spec, known));
  if (dependency) return `${subject} ${whyDependent(dependency, known)}`;
  const living = known.engines.filter(({ status }) => status !== 'dead');
  if (living.length === 0) return `${subject} waits for an engine; there is none`;
  return `${subject} ${whyWithout(job, living)}`;
}

/** As far as is known here; the hub decides. */
function isOpen({ msgIds, all }: DependencySpec, { find }: Known): boolean {
  const isPending = (msgId: MsgId) => find(msgId)?.isPending === true;
  return all ? msgIds.some(isPending) : msgIds.every(isPending);
}

function whyDependent({ msgIds, all, success, failure }: DependencySpec, known: Known): string {
  const open = msgIds.flatMap((msgId) => {
    const job = known.find(msgId);
    return job?.isPending === true ? [job] : [];
  });
  const [first] = open;
  const how = success && failure ? 'end' : success ? 'succeed' : 'fail';
  const which =
    msgIds.length === 1 ? 'the task' : `${all ? 'all' : 'one'} of the ${String(msgIds.length)} tasks`;
  const count = msgIds.length === 1 ? '' : `; ${String(open.length)} have not ended`;
  return `waits for ${which} that it depends on to ${how}${count}${first ? `: ${whyOne(first, known)}` : ''}`;
}

/** `engines` live, and the task is with none of them. */
function whyWithout({ tried, facts }: Job, engines: readonly EngineState[]): string {
  const may = engines.filter(({ id }) => !facts.targets || facts.targets.includes(id));
  const refusals = tried.filter(({ engineId }, i) => lastOf(tried, engineId) === tried[i]);
  const refused = may.filter(({ id }) => lastOf(tried, id)?.cause === 'unmet');
  const refusal = refused.length > 0 ? `${names(refused)} refused it (${whyRefused(refusals)})` : '';
  if (refused.length > 0 && refused.length >= may.length) {
    return `waits for an engine that suits it; ${refusal}`;
  }
  const failures = tried.filter(({ cause }) => cause === 'failed');
  const last = failures.at(-1);
  const left = (facts.terms?.retries ?? 0) - failures.length;
  const again = last
    ? ` to be tried again: it failed on engine ${String(last.engineId)} (${last.why}), and ${times(left)} are left after this`
    : '';
  const rest = `${again && `; it waits${again}`}${refusal && `; ${refusal}`}`;
  const free = may.filter(({ id, status }) => status === 'idle' && lastOf(tried, id) === undefined);
  if (free.length > 0) return `is on its way to the scheduler${rest}`;
  const others = may.filter((engine) => !refused.includes(engine));
  const which = facts.targets || refused.length > 0 ? `one of ${names(others)}` : 'a free engine';
  const starting = others.filter(({ status }) => status === 'starting').length;
  const state = starting === others.length ? 'starting' : 'busy';
  return `waits for ${which}; all ${String(others.length)} are ${state}${rest}`;
}

/** The clauses of all that refused it last, each once. */
function whyRefused(last: Job['tried']): string {
  const whys = new Set(last.filter(({ cause }) => cause === 'unmet').map(({ why }) => why));
  return [...whys].join('; ');
}

function lastOf(tried: Job['tried'], id: EngineId) {
  return tried.findLast(({ engineId }) => engineId === id);
}

function names(engines: readonly EngineState[]): string {
  const ids = engines.map(({ id }) => String(id)).join(', ');
  return engines.length === 1 ? `engine ${ids}` : `engines ${ids}`;
}

function times(n: number): string {
  return `${String(n)} more tries`;
}
