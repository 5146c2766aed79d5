import { deferred } from '../../base/deferred.ts';
import type { Question } from '../../protocol/client-messages.ts';
import type { ClientCore } from '../client-core.ts';

/** What an operation on a cluster waits for: an answer, or something that the list of engines will show. */
export type Step =
  | { readonly ask: Question; readonly of: ClientCore }
  | { readonly until: () => boolean; readonly of: ClientCore };

/** An operation as one text for the awaited call and for the blocking one. Answers come back from `yield`. */
export type Steps<R> = Generator<Step, R, unknown>;

/** Carries the steps out one after the other; a refusal is thrown into them. */
export async function takeSteps<R>(steps: Steps<R>): Promise<R> {
  let next = steps.next();
  while (next.done !== true) {
    let answer: unknown;
    try {
      answer = await wait(next.value);
    } catch (error) {
      next = steps.throw(error);
      continue;
    }
    next = steps.next(answer);
  }
  return next.value;
}

/** The same, blocking. @throws BlockingUnavailableError, naming `twin`. */
export function takeStepsSync<R>(steps: Steps<R>, twin: string): R {
  let next = steps.next();
  while (next.done !== true) {
    let answer: unknown;
    try {
      const step = next.value;
      answer = 'ask' in step ? step.of.askSync(step.ask, twin) : step.of.block(step.until, undefined, twin);
    } catch (error) {
      next = steps.throw(error);
      continue;
    }
    next = steps.next(answer);
  }
  return next.value;
}

function wait(step: Step): Promise<unknown> {
  if ('ask' in step) return step.of.ask(step.ask);
  if (step.until()) return Promise.resolve();
  const done = deferred<undefined>();
  const stop = step.of.onEngines(() => {
    if (!step.until()) return;
    stop();
    done.resolve(undefined);
  });
  return done.promise;
}
