import { useEffect, useMemo, useState, type ReactNode } from 'react';
import type * as mathModule from './math.ts';
import { mayHaveMath, renderMarkdown } from './markdown.ts';
import './prose.css';

type MathModule = typeof mathModule;

/** Markdown, rendered. */
export function Prose({ source }: { readonly source: string }): ReactNode {
  const math = useMath(mayHaveMath(source));
  const html = useMemo(
    () => (math ? math.renderMarkdownWithMath(source) : renderMarkdown(source)),
    [source, math],
  );
  return <div className="prose" dangerouslySetInnerHTML={{ __html: html }} />;
}

/** LaTeX, drawn; its text until that can be done. */
export function Latex({ source }: { readonly source: string }): ReactNode {
  const math = useMath(true);
  const html = useMemo(() => math?.renderLatex(source) ?? null, [source, math]);
  if (html === null) return <pre className="text-block">{source}</pre>;
  return <div className="latex" dangerouslySetInnerHTML={{ __html: html }} />;
}

let loaded: MathModule | null = null;

/** What draws formulas, once it has come; should the network fail, texts stay as they were typed. */
function useMath(wanted: boolean): MathModule | null {
  const [math, setMath] = useState(loaded);
  useEffect(() => {
    if (!wanted || math) return;
    let alive = true;
    import('./math.ts').then(
      (module) => {
        loaded = module;
        if (alive) setMath(module);
      },
      () => undefined,
    );
    return () => {
      alive = false;
    };
  }, [wanted, math]);
  return wanted ? math : null;
}
