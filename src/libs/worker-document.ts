import { parseHTML } from 'linkedom/worker';
import { SmallCanvas } from './canvas.ts';

/** Mime types of an element, as text. */
type ElementBundle = Readonly<Record<string, string>>;

const DISPLAY = Symbol.for('Jupyter.display');
const SVG_NAMESPACE = 'http://www.w3.org/2000/svg';

/**
 * A document for realms that have none. Kernel and engines are workers, so what draws with DOM calls (Plot,
 * d3's selections) draws into this one, and the finished element goes to the page as text. It is private to
 * the library that bundles it: `globalThis.document` stays undefined, because libraries take its presence as
 * the sign of a page.
 *
 * What it adds to linkedom: a canvas that gives pictures, a `getBBox` that estimates, and
 * `Symbol.for('Jupyter.display')` on every element, so that an element as a cell's last value is shown.
 */
export const workerDocument: Document = createWorkerDocument();

function createWorkerDocument(): Document {
  const window = parseHTML('<!doctype html><html><head></head><body></body></html>');
  const { document, Element } = window;
  const createElement = Reflect.get(document, 'createElement') as (...call: unknown[]) => unknown;
  define(document, 'createElement', (name: string, options?: ElementCreationOptions) =>
    name.toLowerCase() === 'canvas' ? new SmallCanvas() : createElement.call(document, name, options),
  );
  define(Element.prototype, DISPLAY, function (this: Element) {
    return elementBundle(this);
  });
  define(Element.prototype, 'getBBox', function (this: Element) {
    return estimatedBox(this);
  });
  return document;
}

function define(target: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(target, key, { value, configurable: true, writable: true });
}

/** A bare `<svg>` travels as a picture, anything else as HTML. */
function elementBundle(element: Element): ElementBundle {
  const isSvg = element.localName === 'svg';
  const text = { 'text/plain': summary(element) };
  return isSvg
    ? { 'image/svg+xml': standaloneSvg(element.outerHTML), ...text }
    : { 'text/html': element.outerHTML, ...text };
}

/** Inside HTML the namespaces are understood; on its own an SVG must name them. */
function standaloneSvg(markup: string): string {
  const missing = [
    /^<svg[^>]*\sxmlns=/.test(markup) ? '' : ` xmlns="${SVG_NAMESPACE}"`,
    markup.includes('xlink:') && !/^<svg[^>]*\sxmlns:xlink=/.test(markup)
      ? ' xmlns:xlink="http://www.w3.org/1999/xlink"'
      : '',
  ];
  return markup.replace(/^<svg/, `<svg${missing.join('')}`);
}

/** `<svg> 640 × 400`, `<figure> Price of a call` */
function summary(element: Element): string {
  const picture = element.localName === 'svg' ? element : element.querySelector('svg[viewBox]');
  const size = [picture?.getAttribute('width'), picture?.getAttribute('height')].filter(Boolean).join(' × ');
  const name = element.querySelector('h2')?.textContent ?? element.getAttribute('aria-label') ?? '';
  return [`<${element.localName}>`, name, size].filter((part) => part !== '').join(' ');
}

/**
 * Text cannot be measured without fonts; a system font's letters are about this wide, in ems. Plot's tips
 * size their box by it.
 */
function estimatedBox(element: Element): { x: number; y: number; width: number; height: number } {
  const fontSize = Number.parseFloat(inherited(element, 'font-size') ?? '10');
  const spans = [...element.querySelectorAll('text > tspan')];
  const lines = (spans.length > 0 ? spans : [...element.querySelectorAll('text')]).map((line) =>
    visibleText(line),
  );
  const width = Math.max(0, ...lines.map((line) => estimatedEms(line))) * fontSize;
  return { x: 0, y: -fontSize, width, height: Math.max(1, lines.length) * fontSize };
}

/** Without the `<title>` that holds the full text of a shortened line. */
function visibleText(line: Element): string {
  const title = line.querySelector('title')?.textContent ?? '';
  const text = line.textContent.replaceAll('\u200b', '');
  return title !== '' && text.endsWith(title) ? text.slice(0, -title.length) : text;
}

function inherited(element: Element, name: string): string | null {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const value = at.getAttribute(name);
    if (value !== null) return value;
  }
  return null;
}

function estimatedEms(text: string): number {
  let ems = 0;
  for (const letter of text) {
    if (/[\s.,:;'|!ijl()[\]ft]/.test(letter)) ems += 0.32;
    else if (/[mwMW%@]/.test(letter)) ems += 0.9;
    else if (/[\u2e80-\uffff]/.test(letter)) ems += 1;
    else ems += /[A-Z]/.test(letter) ? 0.7 : 0.58;
  }
  return ems;
}
