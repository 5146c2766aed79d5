import { useSyncExternalStore } from 'react';
import { flushSync } from 'react-dom';

/** The page is being put on paper: all of it is drawn, and nothing waits for its time. */
let printing = false;
const listeners = new Set<() => void>();

function tell(now: boolean): void {
  printing = now;
  // The browser takes the page as it is when the event is over.
  flushSync(() => {
    for (const listener of [...listeners]) listener();
  });
}

if (typeof window !== 'undefined') {
  window.addEventListener('beforeprint', () => {
    tell(true);
  });
  window.addEventListener('afterprint', () => {
    tell(false);
  });
}

export function isPrinting(): boolean {
  return printing;
}

/** `listener` hears of the beginning and the end; returns how to stop that. */
export function onPrinting(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

export function usePrinting(): boolean {
  return useSyncExternalStore(onPrinting, isPrinting, () => false);
}
