import { useEffect, useState } from 'react';
import type * as markupModule from './markup.ts';
import type * as mathModule from './math.ts';

type MarkupModule = typeof markupModule;
type MathModule = typeof mathModule;

/** A module that comes when it is needed, once for all; should the network fail, it is asked for again. */
interface Late<T> {
  loaded: T | null;
  readonly load: () => Promise<T>;
}

const MARKUP: Late<MarkupModule> = { loaded: null, load: () => import('./markup.ts') };
const MATH: Late<MathModule> = { loaded: null, load: () => import('./math.ts') };

// On its way before there is a notebook: the first one has Markdown.
void arrival(MARKUP);

async function arrival<T>(late: Late<T>): Promise<T | null> {
  try {
    late.loaded ??= await late.load();
  } catch {
    // Texts stay as they were typed.
  }
  return late.loaded;
}

function useLate<T>(late: Late<T>, wanted: boolean): T | null {
  const [module, setModule] = useState(late.loaded);
  useEffect(() => {
    if (!wanted || module) return;
    let alive = true;
    void arrival(late).then((arrived) => {
      if (alive && arrived) setModule(arrived);
    });
    return () => {
      alive = false;
    };
  }, [late, wanted, module]);
  return wanted ? module : null;
}

/** What draws Markdown, HTML and SVG; null until it has come. */
export function useMarkup(): MarkupModule | null {
  return useLate(MARKUP, true);
}

/** What draws formulas; null until it has come, or where none is wanted. */
export function useMath(wanted: boolean): MathModule | null {
  return useLate(MATH, wanted);
}
