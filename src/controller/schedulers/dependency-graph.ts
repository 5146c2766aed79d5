import type { MsgId } from '../../protocol/ids.ts';
import type { Outcome } from '../../protocol/replies.ts';
import type { DependencySpec } from '../../protocol/terms.ts';
import type { Fate, Fates } from '../hub/fates.ts';
import { LinkedList } from '../hub/linked-list.ts';
import type { Pending } from '../hub/pending.ts';
import type { Task, Work } from '../hub/state.ts';
import {
  dependsOnItself,
  dependsOnLater,
  dependsOnUnknown,
  failure,
  followsNobody,
  followsScattered,
  neverMet,
} from '../sentences.ts';
import { DependencyWatch } from './dependency-watch.ts';

/** A task that waits for others. */
interface Holding {
  readonly task: Task;
  readonly after: DependencyWatch | null;
  readonly follow: DependencyWatch | null;
}

interface Dependent {
  readonly holding: Holding;
  readonly watch: DependencyWatch;
}

/** What has become of a task: it may run, it waits on, or it never will. */
export type Verdict =
  | { readonly type: 'free'; readonly task: Task }
  | { readonly type: 'held' }
  | { readonly type: 'refused'; readonly task: Task; readonly outcome: Outcome };

const HELD: Verdict = { type: 'held' };

export interface GraphSetup {
  readonly pending: Pick<Pending, 'get' | 'has'>;
  readonly fates: Fates;
  /** It was known once, and has been forgotten since. */
  readonly wasForgotten: (msgId: MsgId) => boolean;
}

/**
 * Who waits for whom. A task depends on tasks that came before it only, so there are no cycles; and each learns a
 * fate once, so that a task with many dependencies costs no more than their number.
 */
export class DependencyGraph {
  readonly #setup: GraphSetup;
  /** Tasks. */
  readonly held = new LinkedList<Work>();
  /** By the task that they wait for, which is pending. */
  readonly #dependents = new Map<MsgId, Dependent[]>();

  constructor(setup: GraphSetup) {
    this.#setup = setup;
  }

  /** A new task; it stands in `held` if that is the verdict. */
  admit(task: Task): Verdict {
    const { after, follow } = task.terms;
    if (after === null && follow === null) return { type: 'free', task };
    const flaw = this.#flawOf(task, after) ?? this.#flawOf(task, follow);
    if (flaw !== null) return { type: 'refused', task, outcome: failure('InvalidDependency', flaw) };
    const holding: Holding = { task, after: watch(after), follow: watch(follow) };
    for (const one of [holding.after, holding.follow]) if (one !== null) this.#learnKnown(one);
    const verdict = verdictOn(holding);
    if (verdict.type === 'held') this.#hold(holding);
    return verdict;
  }

  /** A task has ended: what that decides for others. They are taken out of `held`. */
  ended(fate: Fate): Verdict[] {
    const dependents = this.#dependents.get(fate.msgId);
    if (dependents === undefined) return [];
    this.#dependents.delete(fate.msgId);
    const waiting = dependents.filter(({ holding }) => holding.task.list === this.held);
    for (const { watch } of waiting) watch.learn(fate);
    const verdicts: Verdict[] = [];
    for (const holding of new Set(waiting.map((dependent) => dependent.holding))) {
      const verdict = verdictOn(holding);
      if (verdict.type === 'held') continue;
      this.held.remove(holding.task);
      verdicts.push(verdict);
    }
    return verdicts;
  }

  /** Tasks that somebody waits for; all of them are pending. */
  get awaited(): IterableIterator<MsgId> {
    return this.#dependents.keys();
  }

  #flawOf(task: Task, spec: DependencySpec | null): string | null {
    for (const msgId of spec?.msgIds ?? []) {
      if (msgId === task.msgId) return dependsOnItself(task.name);
      const other = this.#setup.pending.get(msgId);
      if (other === undefined) {
        if (this.#setup.fates.get(msgId) !== undefined) continue;
        return dependsOnUnknown(task.name, msgId, this.#setup.wasForgotten(msgId));
      }
      if (other.seq > task.seq) return dependsOnLater(task.name, msgId);
    }
    return null;
  }

  #learnKnown(watch: DependencyWatch): void {
    for (const msgId of watch.spec.msgIds) {
      const fate = this.#setup.pending.has(msgId) ? undefined : this.#setup.fates.get(msgId);
      if (fate !== undefined) watch.learn(fate);
    }
  }

  #hold(holding: Holding): void {
    this.held.push(holding.task);
    for (const watch of [holding.after, holding.follow]) {
      for (const msgId of watch?.spec.msgIds ?? []) {
        if (watch === null || !this.#setup.pending.has(msgId)) continue;
        const dependents = this.#dependents.get(msgId);
        if (dependents) dependents.push({ holding, watch });
        else this.#dependents.set(msgId, [{ holding, watch }]);
      }
    }
  }
}

function watch(spec: DependencySpec | null): DependencyWatch | null {
  return spec && new DependencyWatch({ ...spec, msgIds: [...new Set(spec.msgIds)] });
}

/** Narrows the task's targets when it is free. */
function verdictOn({ task, after, follow }: Holding): Verdict {
  for (const dependency of [after, follow]) {
    if (dependency?.isUnreachable === true) return refusal(task, neverMet(task.name, dependency.spec));
  }
  if (follow?.isScattered === true) return refusal(task, followsScattered(task.name));
  if (follow?.isPlaceless === true) return refusal(task, followsNobody(task.name));
  if (after?.isMet === false || follow?.isMet === false) return HELD;
  const places = follow?.places ?? null;
  if (places?.length === 0) return HELD;
  if (places !== null) {
    const { targets } = task;
    task.targets = targets === null ? places : places.filter((id) => targets.includes(id));
  }
  return { type: 'free', task };
}

function refusal(task: Task, why: string): Verdict {
  return { type: 'refused', task, outcome: failure('ImpossibleDependency', why) };
}
