import { type ReactNode, useCallback, useMemo } from 'react';
import type { JsonObject } from '../../notebook/document.ts';
import type { MarkupBounds } from '../../notebook/markup-scan.ts';
import { attachmentsOf } from '../../notebook/mime-data.ts';
import { sourceOf } from '../../notebook/source-address.ts';
import { useNotebook } from '../context.ts';
import { Beginning } from './Beginning.tsx';
import { besideSource } from './beside-source.ts';
import { Drawn } from './Drawn.tsx';
import { mayHaveMath } from './may-have-math.ts';
import { useMarkup, useMath } from './use-markup.ts';
import './prose.css';

/** Characters of Markdown that are rendered unasked. */
const MOST = 100_000;

interface Props {
  readonly source: string;
  /** Keys of the cell in its file: its `attachments` are pictures of its Markdown. */
  readonly foreign?: JsonObject;
}

/** Markdown, rendered; its text until that can be done. */
export function Prose({ source, foreign = NOTHING }: Props): ReactNode {
  return (
    <Beginning text={source} most={MOST}>
      {(shown) => <Rendered source={shown} foreign={foreign} />}
    </Beginning>
  );
}

const NOTHING: JsonObject = {};

function Rendered({ source, foreign }: Required<Props>): ReactNode {
  const markup = useMarkup();
  const math = useMath(mayHaveMath(source));
  const attachment = useMemo(() => attachmentsOf(foreign), [foreign]);
  const origin = useNotebook((view) => sourceOf(view.session.document));
  const beside = useMemo(
    () => (origin === null ? () => null : (link: string) => besideSource(origin, link)),
    [origin],
  );
  const renderer = math?.renderMarkdownWithMath ?? markup?.renderMarkdown;
  const render = useCallback(
    (bounds: MarkupBounds | undefined) => {
      if (!renderer) throw new Error('nothing renders yet');
      return renderer(source, { attachment, beside, ...(bounds ? { bounds } : {}) });
    },
    [renderer, source, attachment, beside],
  );
  if (!markup || !renderer) return <div className="prose plain">{source}</div>;
  return <Drawn className="prose" render={render} wide={markup.WIDE_BOUNDS} />;
}

/** LaTeX, drawn; its text until that can be done. */
export function Latex({ source }: { readonly source: string }): ReactNode {
  return (
    <Beginning text={source} most={MOST}>
      {(shown) => <RenderedLatex source={shown} />}
    </Beginning>
  );
}

function RenderedLatex({ source }: { readonly source: string }): ReactNode {
  const markup = useMarkup();
  const math = useMath(true);
  const render = useCallback(() => {
    if (!math) throw new Error('nothing renders yet');
    return math.renderLatex(source);
  }, [math, source]);
  if (!math || !markup) return <pre className="text-block">{source}</pre>;
  return <Drawn className="latex" render={render} wide={markup.WIDE_BOUNDS} />;
}
