import { GUARD, GUARD_ITEMS, withoutGuards } from '../base/guard-text.ts';
import { entrance } from '../base/primordials.ts';
import type { Evaluator } from './evaluator.ts';
import { guardItems } from './guarded-items.ts';
import type { InterruptEar } from './interrupt-ear.ts';
import type { Namespace } from './namespace.ts';

type ToString = (this: unknown) => string;

/**
 * Gives the realm what guarded loops call, and lets functions show the text that the user wrote. `eval` and
 * `new Function` of users' code put no guards into what they make.
 */
export function installGuards(evaluator: Evaluator, namespace: Namespace, ear: InterruptEar): void {
  namespace.install({ [GUARD]: ear.guard, [GUARD_ITEMS]: guardItems(ear.guard) });
  const { prototype } = Reflect.get(evaluator.globals, 'Function') as FunctionConstructor;
  // A proxy of the native function is native to whoever asks.
  const original: ToString = Reflect.get<FunctionConstructor['prototype'], 'toString'>(prototype, 'toString');
  const toString = new Proxy(original, {
    apply: entrance((target: ToString, self: unknown) => withoutGuards(Reflect.apply(target, self, []))),
  });
  Object.defineProperty(prototype, 'toString', { value: toString, writable: true, configurable: true });
}
