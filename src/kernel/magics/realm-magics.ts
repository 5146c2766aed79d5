import { splitMagics } from '../../lang/magics.ts';
import type { MagicCall } from '../../realm/magics/magic-call.ts';
import {
  isRealmMagic,
  readRealmMagic,
  REALM_MAGICS,
  type RealmMagicName,
} from '../../realm/magics/realm-calls.ts';
import { timedCode } from '../../realm/magics/timed-code.ts';
import type { Body } from '../../realm/magics/timeit.ts';
import type { RunContext, Step } from '../run-context.ts';
import type { MagicRegistry } from './magic.ts';

/**
 * `%time`, `%timeit`, `%who`, `%whos` and `%reset` of the kernel. They are those of every realm; only here the
 * code that is measured may itself hold magics (`%%time` over `%px …`).
 */
export function registerRealmMagics(registry: MagicRegistry): void {
  for (const [name, spec] of Object.entries(REALM_MAGICS)) {
    if (!isRealmMagic(name)) continue;
    registry.register(name, { ...spec, prepare: (call, context) => prepare(name, call, context, registry) });
  }
}

function prepare(name: RealmMagicName, call: MagicCall, context: RunContext, registry: MagicRegistry): Step {
  const use = readRealmMagic(name, call);
  const setup = use.setup === null ? null : context.prepare(use.setup);
  const body = use.body === null ? null : bodyOf(name, use.body, context, registry);
  return () => context.interrupts.race(context.runMagic(use.call, body?.(), setup));
}

/** Makes the body anew for each run of the magic. */
function bodyOf(
  name: RealmMagicName,
  source: string,
  context: RunContext,
  registry: MagicRegistry,
): () => Body {
  const parts = splitMagics(source, { known: registry.names() });
  if (!parts.every((part) => part.kind === 'js')) {
    const step = context.prepare(source);
    return () => step;
  }
  if (name !== 'timeit') {
    const code = context.compile(source);
    return () => context.load(code);
  }
  const { code, isFactory } = timedCode(source, (text) => context.compile(text));
  if (!isFactory) return () => context.load(code);
  context.remember(code);
  return () => (context.load(code)() as { readonly value: Body }).value;
}
