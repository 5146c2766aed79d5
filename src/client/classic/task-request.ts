import { CLEAR_EXPRESSION } from '../../protocol/keys-hook.ts';
import { engineFunction } from './engine-function.ts';
import type { Depend } from './task.ts';

/** One try of a task, as it travels. */
export interface TaskRequest {
  /** A runnable cell (`CompiledCode.js`); null for a call. */
  readonly js: string | null;
  readonly call: { readonly f: unknown; readonly args: readonly unknown[] } | null;
  readonly push: Readonly<Record<string, unknown>>;
  readonly pull: readonly string[];
  readonly clearBefore: boolean;
  readonly clearAfter: boolean;
  readonly depend: Depend | null;
}

/** Results by name. */
export type TaskResults = Readonly<Record<string, unknown>>;

/**
 * What an engine raises whose properties do not suit the task. Not UnmetDependency, which the hub would take up
 * itself: here the task's own run chooses the next engine.
 */
export const UNMET = 'UnsuitableEngine';

/**
 * A whole task in one request, so that nothing else gets in between: check the engine's properties, clear, set
 * variables, run, read variables, clear. Code sees the engine's namespace, as in `execute`.
 */
export const performTask = engineFunction(
  'task',
  `async (task) => {
    // Leaves the caller's frames behind.
    await undefined;
    const evaluate = globalThis.eval;
    const clear = () => evaluate(${JSON.stringify(CLEAR_EXPRESSION)});
    const checkDependency = async () => {
      let isMet = false;
      let why = 'depend(properties) said no';
      try {
        isMet = await task.depend(engine.properties);
      } catch (error) {
        why = 'depend(properties) threw ' + error;
      }
      if (isMet) return;
      throw Object.assign(new Error(why + ' on engine ' + engine.id), { name: ${JSON.stringify(UNMET)} });
    };
    const run = async () => {
      if (task.call) return { result: await task.call.f(...task.call.args) };
      const { value } = await evaluate(task.js)();
      await value;
      return {};
    };
    if (task.depend) await checkDependency();
    if (task.clearBefore) await clear();
    try {
      for (const [name, value] of Object.entries(task.push)) {
        evaluate('($value) => { ' + name + ' = $value; }')(value);
      }
      const results = await run();
      for (const name of task.pull) results[name] = await evaluate('(' + name + '\\n)');
      return results;
    } finally {
      if (task.clearAfter) await clear();
    }
  }`,
);
