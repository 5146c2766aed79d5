import type { EngineState } from '../../protocol/client-messages.ts';
import type { Job } from '../job.ts';

/** One sentence: what a group of jobs waits for, from what the client knows. `now` in ms since 1970. */
export function whyPending(jobs: readonly Job[], engines: readonly EngineState[], now: number): string {
  const pending = jobs.filter((job) => job.isPending);
  const [first] = pending;
  if (!first) return 'It is done; it waits for nothing.';
  const reason = whyOne(first, engines, now);
  return pending.length === 1 ? `${reason}.` : `${reason}; ${String(pending.length - 1)} more are pending.`;
}

function whyOne(job: Job, engines: readonly EngineState[], now: number): string {
  const id = job.facts.msgId;
  const runner = engines.find((engine) => engine.running?.msgId === id);
  if (runner?.running) {
    const seconds = Math.max(0, (now - runner.running.since) / 1000).toFixed(1);
    return `Engine ${String(runner.id)} has been running ${job.facts.name} (${id}) for ${seconds} s`;
  }
  const engine = engines.find((candidate) => candidate.id === job.engineId);
  return engine ? whyAt(engine, job) : whyUnassigned(job, engines);
}

function whyAt(engine: EngineState, job: Job): string {
  const subject = `${job.facts.name} (${job.facts.msgId})`;
  const place = `engine ${String(engine.id)}`;
  if (engine.status === 'starting') return `${subject} waits for ${place}, which is starting`;
  if (engine.status === 'dead') return `${subject} waits for word of the death of ${place}`;
  if (!engine.running) return `${subject} is on its way to or from ${place}`;
  return `${subject} is in the queue of ${place}, which is running ${engine.running.name}`;
}

function whyUnassigned(job: Job, engines: readonly EngineState[]): string {
  const subject = `${job.facts.name} (${job.facts.msgId})`;
  if (engines.length === 0) return `${subject} waits for an engine; there is none`;
  if (engines.some((engine) => engine.status === 'idle')) return `${subject} is on its way to the scheduler`;
  return `${subject} waits for a free engine; all ${String(engines.length)} are busy`;
}
