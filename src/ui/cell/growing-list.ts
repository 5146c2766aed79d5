import { startTransition, useEffect, useState } from 'react';
import type { CellId } from '../../protocol/ids.ts';
import { usePage } from '../context.ts';
import { usePrinting } from '../use-printing.ts';

/** Cells that are drawn at once, and then step by step while the page has nothing better to do. */
const FIRST = 30;
const STEP = 40;

/**
 * How many of the cells are in the page. All will be, within a second or two: what is seen first is not to wait for
 * what is far below. A cell that is to take the focus is there at once, and all are on paper.
 */
export function useGrowing(order: readonly CellId[]): number {
  const [count, setCount] = useState(FIRST);
  const wanted = usePage(({ focus }) => (focus ? order.indexOf(focus.cell) : -1));
  const printing = usePrinting();
  const shown = printing ? order.length : Math.min(order.length, Math.max(count, wanted + 1));
  if (shown > count) setCount(shown);
  useEffect(() => {
    if (shown >= order.length) return;
    return whenIdle(() => {
      startTransition(() => {
        setCount(shown + STEP);
      });
    });
  }, [shown, order.length]);
  return shown;
}

function whenIdle(work: () => void): () => void {
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(work, 16);
    return () => {
      clearTimeout(timer);
    };
  }
  const handle = requestIdleCallback(work, { timeout: 100 });
  return () => {
    cancelIdleCallback(handle);
  };
}
