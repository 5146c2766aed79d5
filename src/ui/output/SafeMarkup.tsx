import { useLayoutEffect, useRef, type ReactNode } from 'react';
import { sanitizeHtml, sanitizeSvg } from './sanitize.ts';

interface Props {
  readonly kind: 'html' | 'svg';
  readonly markup: string;
  /** What a plot shows, for those who cannot see it; null when nobody said. */
  readonly description: string | null;
}

/** Foreign markup, sanitised, in a shadow root: its styles stay inside, ours reach it by inheritance only. */
export function SafeMarkup({ kind, markup, description }: Props): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const root = host.current?.shadowRoot ?? host.current?.attachShadow({ mode: 'open' });
    if (!root) return;
    root.innerHTML =
      `<style>${STYLE}</style>` + (kind === 'svg' ? sanitizeSvg(markup) : sanitizeHtml(markup));
  }, [kind, markup]);
  const label = description ?? (kind === 'svg' ? 'Plot' : null);
  return (
    <div
      ref={host}
      className={`safe-markup ${kind}`}
      {...(label === null ? {} : { role: 'img', 'aria-label': label })}
    />
  );
}

const STYLE = `
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
