import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import type { NotebookDocument } from '../../notebook/document.ts';
import type { Language } from '../../protocol/client-messages.ts';
import codeCss from '../editor/code-text.css?inline';
import ansiCss from '../output/ansi.css?inline';
import proseCss from '../output/prose.css?inline';
import tokensCss from '../tokens.css?inline';
import exportCss from './export.css?inline';
import { ExportedNotebook } from './ExportedNotebook.tsx';
import { createMarkup } from './markup.ts';

export interface ExportOptions {
  /** Where the notebook opens to be run; null when no link can hold it. */
  readonly link: string | null;
  /** What stands behind `%px`. */
  readonly px: Language;
}

/**
 * The notebook with its outputs as one HTML file that needs nothing else: no script, no font, no image from
 * anywhere. Its policy forbids them, too, so what a stranger's output might name is not fetched. Everything is drawn
 * by React (text is text) or comes through the sanitiser. Light and dark as the reader's machine; on paper light.
 * Rejects when something cannot be drawn.
 */
export async function exportHtml(notebook: NotebookDocument, options: ExportOptions): Promise<string> {
  const markup = await createMarkup(notebook);
  const host = document.createElement('div');
  let fault: { readonly error: unknown } | null = null;
  const root = createRoot(host, {
    onUncaughtError: (error) => {
      fault = { error };
    },
  });
  flushSync(() => {
    root.render(<ExportedNotebook notebook={notebook} markup={markup} {...options} />);
  });
  throwIf(fault);
  markup.fill(host);
  const body = host.innerHTML;
  root.unmount();
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Tutti">
<title>${escaped(notebook.name)}</title>
<style>
${[tokensCss, proseCss, codeCss, ansiCss, exportCss].join('\n').replaceAll('</', '<\\/')}
</style>
</head>
<body>
${body}
</body>
</html>
`;
}

function throwIf(fault: { readonly error: unknown } | null): void {
  if (fault) throw fault.error;
}

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
