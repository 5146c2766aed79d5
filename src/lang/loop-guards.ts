import type { AnyNode, ForOfStatement, Program } from 'acorn';
import { GUARD_TEXT, type CountKind } from '../base/guard-text.ts';
import type { Edits } from './edits.ts';
import { isLoop, type Loop } from './loop-body.ts';
import { keeperOf, type Keeper } from './loop-kinds.ts';
import { walk } from './walk.ts';

/**
 * Puts a check into loops that could run for ever, so that an interrupt reaches them and the namespace
 * survives. Which those are is told in docs/LOOPS.md.
 *
 * `while (more()) step()` becomes `{let n = 0, m = 0; while (more()) {if (--n < 0) n = m = guard(m); step()}}`: a
 * counter that can live in a register, and after so many rounds (the guard says how many, from how fast they
 * pass) a look at the flag. The loops of one function share the outermost one's counter: a short loop that is
 * entered a million times begins no count of its own.
 *
 * `offset`: where the program's text begins in the text that is edited.
 */
export function guardLoops(edits: Edits, program: Program, offset = 0): void {
  for (const { loop, start, keeper, isOutermost } of loopsOf(program)) {
    if (keeper === 'itself') continue;
    if (keeper === 'its items') {
      guardItems(edits, loop as ForOfStatement, offset);
      continue;
    }
    const kind = keeper === 'its own count' ? 'own' : 'shared';
    if (kind === 'own' || isOutermost) {
      edits.open(offset + start, GUARD_TEXT.beforeLoop(kind));
      edits.close(offset + loop.end, GUARD_TEXT.afterLoop);
    }
    guardBody(edits, loop, kind, offset);
  }
}

function guardBody(edits: Edits, { body }: Loop, kind: CountKind, offset: number): void {
  if (body.type === 'BlockStatement') {
    edits.open(offset + body.start + 1, GUARD_TEXT.check(kind));
    return;
  }
  edits.open(offset + body.start, GUARD_TEXT.beforeBody(kind));
  edits.close(offset + body.end, GUARD_TEXT.afterBody);
}

function guardItems(edits: Edits, { right }: ForOfStatement, offset: number): void {
  edits.open(offset + right.start, GUARD_TEXT.beforeItems);
  edits.close(offset + right.end, GUARD_TEXT.afterItems(right.type === 'Identifier' ? right.name : ''));
}

interface LoopSite {
  readonly loop: Loop;
  /** Of the loop with its labels, which must stand right before it. */
  readonly start: number;
  readonly keeper: Keeper;
  /** No loop around it in its function shares its counter. */
  readonly isOutermost: boolean;
}

/** The outer before the inner: what opens at one place opens in this order. */
function loopsOf(program: Program): readonly LoopSite[] {
  const sites: LoopSite[] = [];
  const keepers = new Map<Loop, Keeper>();
  const keeper = (loop: Loop) => {
    const known = keepers.get(loop) ?? keeperOf(loop);
    keepers.set(loop, known);
    return known;
  };
  walk(program, {
    enter(node, around) {
      if (!isLoop(node)) return true;
      const isOutermost = !loopsAround(around).some((one) => keeper(one) === 'the function’s count');
      sites.push({ loop: node, start: labelledStart(node, around), keeper: keeper(node), isOutermost });
      return true;
    },
  });
  return sites.toSorted((a, b) => a.start - b.start || b.loop.end - a.loop.end);
}

/** Functions, and what runs like one: a counter is not carried into them. */
const OWN_VARIABLES = /Function|^StaticBlock$|^PropertyDefinition$/;

/** Whose bodies it stands in, within its function. */
function loopsAround(around: readonly AnyNode[]): readonly Loop[] {
  const border = around.findLastIndex(({ type }) => OWN_VARIABLES.test(type));
  return around.slice(border + 1).filter(isLoop);
}

function labelledStart(loop: Loop, around: readonly AnyNode[]): number {
  const firstLabel = around.findLastIndex(({ type }) => type !== 'LabeledStatement') + 1;
  return around[firstLabel]?.start ?? loop.start;
}
