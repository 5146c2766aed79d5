import { useLayoutEffect, useState } from 'react';
import { isPrinting, onPrinting } from '../use-printing.ts';
import { Pace } from './pace.ts';

const pace = new Pace(() => performance.now() / 1000);

/** Seconds that the browser needs beside us for an element: styles, layout, paint. */
const PER_ELEMENT = 0.00002;

/**
 * Draws into the page: at once while there is time for it or it is put on paper, else as soon as there is time again. `draw` puts something there
 * and returns how many elements; another `draw` takes its place. What it throws, the boundary around gets.
 */
export function useDrawing(draw: () => number): void {
  const [, fail] = useState<never>();
  useLayoutEffect(() => {
    const work = (): void => {
      const start = performance.now();
      const elements = draw();
      pace.spent((performance.now() - start) / 1000 + elements * PER_ELEMENT);
    };
    const { wait } = pace;
    if (wait === 0 || isPrinting()) {
      work();
      return;
    }
    let timer = 0;
    const later = (seconds: number): void => {
      timer = window.setTimeout(() => {
        const more = pace.wait;
        if (more > 0) later(more);
        else now();
      }, seconds * 1000);
    };
    const now = (): void => {
      stop();
      try {
        work();
      } catch (error) {
        fail(() => {
          throw error;
        });
      }
    };
    const stopListening = onPrinting(() => {
      now();
    });
    const stop = (): void => {
      clearTimeout(timer);
      stopListening();
    };
    later(wait);
    return stop;
  }, [draw]);
}
