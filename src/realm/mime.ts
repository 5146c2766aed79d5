import type { MimeBundle } from '../protocol/outputs.ts';
import { base64 } from './base64.ts';
import { TABLE_MIME, VALUE_MIME } from '../protocol/looking.ts';
import { inspect } from './format.ts';
import { tableIn } from './looking/row-source.ts';
import type { Shelf } from './looking/shelf.ts';

/**
 * The forms in which a value can be shown. A value says itself how it looks (`Symbol.for('Jupyter.display')`,
 * or JupyterLite's `_toHtml()` and its like), elements are SVG or HTML, and everything is text. A string is
 * text, never HTML: what a program prints must not become a page.
 */

export const JUPYTER_DISPLAY = Symbol.for('Jupyter.display');

/** Nothing to show: `display()`'s own handle looks like this, so that it is no result of a cell. */
export function isEmptyBundle(bundle: MimeBundle): boolean {
  return Object.keys(bundle.data).length === 0;
}

/** Never throws: a value whose methods throw is shown as text, with the reason. With a shelf, what has no form of its
 * own can be looked into. */
export function bundleOf(value: unknown, shelf: Shelf | null = null): MimeBundle | Promise<MimeBundle> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return plain(value);
  try {
    const rich = richForms(value);
    if (rich === null) return shelf ? inspected(value, shelf) : plain(value);
    if (!isThenable(rich)) return complete(value, rich);
    return Promise.resolve(rich).then(
      (forms) => complete(value, forms),
      (error: unknown) => failed(value, error),
    );
  } catch (error) {
    return failed(value, error);
  }
}

/** A bundle that the user made: values brought into the form that the wire has. */
export function bundleFromData(
  data: Readonly<Record<string, unknown>>,
  metadata: Readonly<Record<string, unknown>> = {},
): MimeBundle {
  return { data: wireData(data), metadata: jsonOf(metadata) as Record<string, unknown> };
}

interface Forms {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

function plain(value: unknown): MimeBundle {
  return { data: { 'text/plain': inspect(value) }, metadata: {} };
}

/** A text of one line says all there is. */
const LONGEST_LINE = 80;

function inspected(value: object, shelf: Shelf): MimeBundle {
  const bundle = plain(value);
  const text = String(bundle.data['text/plain']);
  const table = shelf.table(value, tableIn);
  const isAll = text.length <= LONGEST_LINE && !/\n|\[(?:Array|Object|[A-Z]\w*)\]/.test(text);
  const live = isAll ? null : shelf.live(value);
  const forms = { ...(table ? { [TABLE_MIME]: table } : {}), ...(live ? { [VALUE_MIME]: live } : {}) };
  return { ...bundle, data: { ...forms, ...bundle.data } };
}

function failed(value: unknown, error: unknown): MimeBundle {
  const why = inspect(error).split('\n')[0] ?? '';
  return { data: { 'text/plain': `${inspect(value)}\n(its display method failed: ${why})` }, metadata: {} };
}

function complete(value: object, { data, metadata }: Forms): MimeBundle {
  const bundle = bundleFromData(data, metadata);
  if ('text/plain' in bundle.data || isEmptyBundle(bundle)) return bundle;
  return {
    ...bundle,
    data: { ...bundle.data, 'text/plain': isElement(value) ? elementText(value) : inspect(value) },
  };
}

/** Null for a value that has no form but text. */
function richForms(value: object): Forms | PromiseLike<Forms> | null {
  const display: unknown = Reflect.get(value, JUPYTER_DISPLAY);
  if (typeof display === 'function') return whenKnown(Reflect.apply(display, value, []), formsFromRecord);
  const toMime: unknown = Reflect.get(value, '_toMime');
  if (typeof toMime === 'function') return whenKnown(Reflect.apply(toMime, value, []), formsFromPair);
  const methods = METHODS.filter(([method]) => typeof Reflect.get(value, method) === 'function');
  if (methods.length > 0) return formsFromMethods(value, methods);
  return isElement(value) ? elementForms(value) : null;
}

const METHODS: readonly (readonly [method: string, mime: string])[] = [
  ['_toHtml', 'text/html'],
  ['_toSvg', 'image/svg+xml'],
  ['_toPng', 'image/png'],
  ['_toJpeg', 'image/jpeg'],
  ['_toMarkdown', 'text/markdown'],
  ['_toLatex', 'text/latex'],
];

type Method = (this: object) => unknown;

function formsFromMethods(value: object, methods: typeof METHODS): Forms | Promise<Forms> {
  const results = methods.map(
    ([method, mime]) => [mime, Reflect.apply(Reflect.get(value, method) as Method, value, [])] as const,
  );
  if (!results.some(([, result]) => isThenable(result)))
    return { data: Object.fromEntries(results), metadata: {} };
  const settled = Promise.all(results.map(async ([mime, result]) => [mime, await result] as const));
  return settled.then((entries) => ({ data: Object.fromEntries(entries), metadata: {} }));
}

function whenKnown(result: unknown, read: (result: unknown) => Forms): Forms | PromiseLike<Forms> {
  return isThenable(result) ? result.then(read) : read(result);
}

function formsFromRecord(result: unknown): Forms {
  return { data: isRecord(result) ? result : {}, metadata: {} };
}

/** `[data, metadata]`, as JupyterLite has it, or data alone. */
function formsFromPair(result: unknown): Forms {
  if (!Array.isArray(result)) return formsFromRecord(result);
  const [data, metadata] = result as unknown[];
  return { data: isRecord(data) ? data : {}, metadata: isRecord(metadata) ? metadata : {} };
}

interface ElementLike {
  readonly outerHTML: string;
  readonly tagName: string;
}

function isElement(value: object): value is ElementLike {
  const [html, tag] = [Reflect.get(value, 'outerHTML') as unknown, Reflect.get(value, 'tagName') as unknown];
  return typeof html === 'string' && typeof tag === 'string';
}

function elementForms(element: ElementLike): Forms {
  const isSvg = element.tagName.toLowerCase() === 'svg';
  return {
    data: {
      [isSvg ? 'image/svg+xml' : 'text/html']: isSvg ? standaloneSvg(element.outerHTML) : element.outerHTML,
    },
    metadata: {},
  };
}

function elementText(element: ElementLike): string {
  return `<${element.tagName.toLowerCase()}>`;
}

/** An SVG outside of HTML needs its namespace. */
function standaloneSvg(svg: string): string {
  return /^<svg[^>]*\sxmlns=/.test(svg)
    ? svg
    : svg.replace(/^<svg/, '<svg xmlns="http://www.w3.org/2000/svg"');
}

const LONGEST_FORM = 16 * 1024 * 1024;

function wireData(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const forms: Record<string, unknown> = {};
  const notes: string[] = [];
  for (const [mime, form] of Object.entries(data)) {
    const value = wireForm(mime, form);
    if (typeof value !== 'string' || value.length <= LONGEST_FORM) forms[mime] = value;
    else
      notes.push(
        `(${mime} of ${String(value.length)} characters: too large to show; the limit is ${String(LONGEST_FORM)})`,
      );
  }
  // Behind the word that stands for a form in text.
  const text = forms['text/plain'];
  if (notes.length > 0)
    forms['text/plain'] = [...(typeof text === 'string' ? [text] : []), ...notes].join('\n');
  return forms;
}

function wireForm(mime: string, form: unknown): unknown {
  if (/[/+]json$/.test(mime)) return jsonOf(form);
  if (ArrayBuffer.isView(form)) return base64(new Uint8Array(form.buffer, form.byteOffset, form.byteLength));
  if (Array.isArray(form) && form.every((line) => typeof line === 'string')) return form.join('');
  return typeof form === 'string' ? form.replace(/^data:[^,]*;base64,/, '') : inspect(form);
}

/** Plain JSON, or the reason why there is none, in text. */
function jsonOf(value: unknown): unknown {
  try {
    const text = JSON.stringify(value) as string | undefined;
    return text === undefined ? null : (JSON.parse(text) as unknown);
  } catch {
    return inspect(value);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** False for what cannot even be asked. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  try {
    return typeof Reflect.get(value, 'then') === 'function';
  } catch {
    return false;
  }
}
