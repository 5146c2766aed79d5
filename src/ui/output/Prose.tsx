import { useMemo, type ReactNode } from 'react';
import { renderMarkdown } from './markdown.ts';
import './prose.css';

/** Markdown, rendered. */
export function Prose({ source }: { readonly source: string }): ReactNode {
  const html = useMemo(() => renderMarkdown(source), [source]);
  return <div className="prose" dangerouslySetInnerHTML={{ __html: html }} />;
}
