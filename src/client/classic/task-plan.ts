import { pack, plainReviver, unpack } from '../../protocol/pack.ts';
import { Reference } from '../../protocol/reference.ts';
import { checkCallable, sendable } from '../callable.ts';
import type { ClientEnvironment } from '../environment.ts';
import { ValueError } from '../errors.ts';
import { functionFrom } from '../../base/function-from.ts';
import { isPlainObject } from '../options.ts';
import { MapTask, Task, type AnyTask } from './task.ts';
import type { TaskRequest } from './task-request.ts';

/** A task as it was when it was run: what each try sends, and how many tries there are. */
export interface TaskPlan {
  readonly request: TaskRequest;
  readonly retries: number;
}

/** What making plans needs of the client's world. */
export type PlanEnvironment = Pick<ClientEnvironment, 'compile' | 'reviver' | 'evaluate'>;

/**
 * The task and its recovery tasks, in order.
 * @throws TypeError for attributes of the wrong type; ValueError for a chain that leads back to itself.
 */
export function plansOf(task: AnyTask, environment: PlanEnvironment): readonly TaskPlan[] {
  const chain = recoveryChain(task);
  const plans = chain.map((link) => ({ request: requestOf(link, environment), retries: link.retries }));
  const isTriedOnce = plans.length === 1 && plans[0]?.retries === 0 && task.depend === null;
  if (isTriedOnce) return plans;
  return plans.map((plan) => ({ ...plan, request: snapshot(plan.request, environment) }));
}

function recoveryChain(task: AnyTask): readonly AnyTask[] {
  const chain: AnyTask[] = [];
  for (let link: AnyTask | null = task; link !== null; link = link.recoveryTask) {
    if (chain.includes(link))
      throw new ValueError(`the recovery tasks of ${task.toString()} lead back to ${link.toString()}`);
    chain.push(link);
  }
  return chain;
}

function requestOf(task: AnyTask, environment: PlanEnvironment): TaskRequest {
  checkTask(task);
  return {
    ...bodyOf(task, environment),
    push: { ...task.push },
    pull: typeof task.pull === 'string' ? [task.pull] : [...task.pull],
    clearBefore: task.clearBefore,
    clearAfter: task.clearAfter,
    depend: task.depend,
  };
}

function bodyOf(task: AnyTask, { compile }: PlanEnvironment): Pick<TaskRequest, 'js' | 'call'> {
  if (task instanceof MapTask) {
    checkCallable(task.function);
    return { js: null, call: { f: sendable(task.function), args: [...task.args] } };
  }
  if (!(task instanceof Task)) throw new TypeError('a task is a Task, a StringTask or a MapTask');
  const { expression } = task;
  if (typeof expression !== 'string')
    throw new TypeError(`a task's expression must be text, not ${typeof expression}`);
  return { js: compiled(expression, compile), call: null };
}

/** What does not compile here goes as it is: the engine finds the same mistake, and reports it as its own. */
function compiled(expression: string, compile: PlanEnvironment['compile']): string {
  const asItIs = `() => ({ value: (0, eval)(${JSON.stringify(`${expression}\n//# sourceURL=task`)}) })`;
  try {
    return compile?.(expression, 'task').js ?? asItIs;
  } catch {
    return asItIs;
  }
}

function checkTask(task: AnyTask): void {
  const { push, pull, retries, depend } = task;
  if (!isPlainObject(push)) throw new TypeError('push takes an object of names and values, like { a: 5 }');
  const names: readonly unknown[] = typeof pull === 'string' ? [pull] : pull;
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) {
    throw new TypeError('pull takes a name or a list of names');
  }
  if (!Number.isInteger(retries))
    throw new TypeError(`retries must be a whole number, not ${String(retries)}`);
  if (retries < 0) throw new ValueError(`retries must not be negative: ${String(retries)}`);
  if (depend !== null && typeof depend !== 'function') {
    throw new TypeError('depend must be a function of the properties of an engine');
  }
}

/** Later tries send what the values were when the task was run. */
function snapshot(request: TaskRequest, environment: PlanEnvironment): TaskRequest {
  const plain = plainReviver((source, name) => functionFrom(source, name, environment.evaluate));
  // References stay References: it is the engine that looks them up.
  const reviver = {
    ...plain,
    ...environment.reviver,
    reference: (expression: string) => new Reference(expression),
  };
  return unpack(pack(request, { root: '' }), reviver) as TaskRequest;
}
