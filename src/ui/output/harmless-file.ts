import { sanitize, type Sanitized, WIDE_BOUNDS } from './sanitize.ts';

/**
 * Outputs as files of their own. Opened from a disk they stand outside of all that the page forbids: so they leave with
 * no script, no handler and nothing that is fetched, and HTML with a policy of its own that forbids it once more.
 */

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

export function htmlFile(markup: string): string {
  const drawn = sanitize(markup, { place: 'output', bounds: WIDE_BOUNDS });
  const page = document.implementation.createHTMLDocument('Output');
  const meta = (attributes: Readonly<Record<string, string>>): void => {
    const element = page.createElement('meta');
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    page.head.append(element);
  };
  page.head.replaceChildren();
  meta({ charset: 'utf-8' });
  meta({ 'http-equiv': 'Content-Security-Policy', content: POLICY });
  page.head.append(styleOf(drawn, page));
  page.body.append(drawn.content);
  return `<!doctype html>\n${page.documentElement.outerHTML}\n`;
}

/** A part of a page, for the clipboard. */
export function htmlFragment(markup: string): string {
  const drawn = sanitize(markup, { place: 'output', bounds: WIDE_BOUNDS });
  const page = document.implementation.createHTMLDocument();
  if (drawn.sheets.length > 0) page.body.append(styleOf(drawn, page));
  page.body.append(drawn.content);
  return page.body.innerHTML;
}

/** The first picture of the markup. */
export function svgFile(markup: string): string {
  const drawn = sanitize(markup, { place: 'output', bounds: WIDE_BOUNDS });
  const svg = drawn.content.querySelector('svg');
  if (!svg) return '<svg xmlns="http://www.w3.org/2000/svg"></svg>';
  if (drawn.sheets.length > 0) {
    const style = document.createElementNS('http://www.w3.org/2000/svg', 'style');
    style.textContent = cssOf(drawn);
    svg.prepend(style);
  }
  return new XMLSerializer().serializeToString(svg);
}

function styleOf(drawn: Sanitized, page: Document): HTMLStyleElement {
  const style = page.createElement('style');
  style.textContent = cssOf(drawn).replaceAll('</', '<\\/');
  return style;
}

function cssOf({ sheets }: Sanitized): string {
  return sheets.flatMap(({ cssRules }) => [...cssRules].map(({ cssText }) => cssText)).join('\n');
}
