import { type ReactNode, useCallback } from 'react';
import type { MarkupBounds } from '../../notebook/markup-scan.ts';
import { Drawn } from './Drawn.tsx';
import type { Sanitized } from './markup.ts';
import { useMarkup } from './use-markup.ts';

interface Props {
  readonly kind: 'html' | 'svg';
  readonly markup: string;
  /** What a plot shows, for those who cannot see it; null when nobody said. */
  readonly description: string | null;
  /** The next form of the same, shown where this one comes to nothing without its scripts. */
  readonly instead: ReactNode;
}

/** Foreign markup, sanitised, in a shadow root: its styles and names stay inside, ours reach it by inheritance only. */
export function SafeMarkup({ kind, markup, description, instead }: Props): ReactNode {
  const module = useMarkup();
  const render = useCallback(
    (bounds: MarkupBounds | undefined): Sanitized => {
      if (!module) throw new Error('nothing renders yet');
      return module.sanitize(markup, { place: 'output', ...(bounds ? { bounds } : {}) });
    },
    [module, markup],
  );
  if (!module) return <div className={`safe-markup ${kind}`} />;
  return (
    <Drawn
      className={`safe-markup ${kind}`}
      render={render}
      wide={module.WIDE_BOUNDS}
      put={putInShadow}
      instead={instead}
      label={description ?? (kind === 'svg' ? 'Plot' : null)}
    />
  );
}

function putInShadow(host: HTMLElement, { content, sheets }: Sanitized): void {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  ownSheet ??= sheetOf(STYLE);
  // Behind ours, so that the output's own styles hold.
  root.adoptedStyleSheets = [ownSheet, ...sheets];
  root.replaceChildren(content);
}

let ownSheet: CSSStyleSheet | null = null;

function sheetOf(css: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}

const STYLE = `
  :where(input, button, select, textarea) { font: inherit; }
  .absent-picture, .absent-file { color: var(--text-soft); }
  .absent-file { text-decoration: underline dotted; cursor: help; }
  svg { display: block; max-width: 100%; height: auto; }
  /* No smaller than can be read: it scrolls. */
  @media (width < 600px) { svg { max-width: max(100%, 480px) !important; } }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
  th, td { padding: 4px 12px 4px 0; text-align: left; border-bottom: 1px solid var(--hairline); vertical-align: top; }
  th { font-weight: 600; color: var(--text-soft); border-bottom-color: var(--hairline-strong); }
  td[align=right], th[align=right] { text-align: right; }
  a { color: var(--accent); }
  code, pre { font: var(--size-code) / var(--line-code) var(--font-code); }
  pre { margin: 0; overflow-x: auto; }
  figure { margin: 0; }
  table:not(:last-child) { margin-bottom: 8px; }
  small { color: var(--text-soft); }
  small code + code { margin-left: 12px; }
  progress { appearance: none; width: 160px; height: 6px; margin: 0 8px 0 0; border: 0; border-radius: 3px; overflow: hidden;
    background: var(--hairline); vertical-align: middle; }
  code + progress { margin-left: 8px; }
  progress::-webkit-progress-bar { background: var(--hairline); }
  progress::-webkit-progress-value { background: var(--text-soft); }
  progress::-moz-progress-bar { background: var(--text-soft); }
  p, ul, ol, h1, h2, h3, h4 { margin: 0 0 8px; }
  h1 { font-size: 20px; } h2 { font-size: 17px; } h3, h4 { font-size: 14px; }
  img { max-width: 100%; height: auto; }
  :is(p, ul, ol, h1, h2, h3, h4):last-child { margin-bottom: 0; }
  ::highlight(find-match) { background-color: var(--found); color: inherit; }
  ::highlight(find-current) { background-color: var(--found-current); color: var(--on-found-current); }
`;
