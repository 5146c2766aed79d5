import type { AnyNode, Program, Statement } from 'acorn';
import { fullAncestor } from 'acorn-walk';
import { GUARD_TEXT } from '../base/guard-text.ts';
import type { Edits } from './edits.ts';
import { cannotRunForEver, isLoop, lookInto, type Loop } from './loop-kinds.ts';

/** Rounds before the first check where a round is short: it calls nothing and has no loop in it. */
const ROUNDS_OF_SHORT_ONES = 1023;

/**
 * Puts a check into loops that could run for ever, so that an interrupt reaches them and the namespace
 * survives. Which those are is told in docs/LOOPS.md; in short: all, but innermost counted loops that call
 * nothing.
 *
 * `while (more()) step()` becomes `{let n = 0, m = 0; while (more()) {if (++n > m) {n = 0; m = guard(m)} step()}}`:
 * a counter that can live in a register, and after so many rounds (the guard says how many, from how fast they
 * pass) a look at the flag.
 *
 * `offset`: where the program's text begins in the text that is edited.
 */
export function guardLoops(edits: Edits, program: Program, offset = 0): void {
  for (const { loop, start } of loopsOf(program)) {
    const inside = lookInto(loop);
    if (cannotRunForEver(loop, inside)) continue;
    const rounds = inside.isShort ? ROUNDS_OF_SHORT_ONES : 0;
    edits.open(offset + start, GUARD_TEXT.beforeLoop(rounds));
    guardBody(edits, loop.body, offset);
    edits.close(offset + loop.end, GUARD_TEXT.afterLoop);
  }
}

function guardBody(edits: Edits, body: Statement, offset: number): void {
  if (body.type === 'BlockStatement') {
    edits.open(offset + body.start + 1, GUARD_TEXT.check);
    return;
  }
  edits.open(offset + body.start, GUARD_TEXT.beforeBody);
  edits.close(offset + body.end, GUARD_TEXT.afterBody);
}

interface LoopSite {
  readonly loop: Loop;
  /** Of the loop with its labels, which must stand right before it. */
  readonly start: number;
}

/** The outer before the inner: what opens at one place opens in this order. */
function loopsOf(program: Program): readonly LoopSite[] {
  const sites: LoopSite[] = [];
  fullAncestor(program, (node, _state, ancestors) => {
    if (isLoop(node)) sites.push({ loop: node, start: labelledStart(node, ancestors) });
  });
  return sites.toSorted((a, b) => a.start - b.start || b.loop.end - a.loop.end);
}

function labelledStart(loop: Loop, ancestors: readonly AnyNode[]): number {
  let { start } = loop;
  for (const around of ancestors.filter((node) => node !== loop).toReversed()) {
    if (around.type !== 'LabeledStatement') break;
    start = around.start;
  }
  return start;
}
