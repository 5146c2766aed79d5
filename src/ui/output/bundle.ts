import { type LiveValue, type TableForm, TABLE_MIME, VALUE_MIME } from '../../protocol/looking.ts';
import type { MimeBundle } from '../../protocol/outputs.ts';
import { readLiveValue, readTable } from '../../notebook/table-form.ts';

/** The forms that the page can show, the best first: Jupyter's order, without what would need scripts. */
const KNOWN = {
  [TABLE_MIME]: 'Table',
  [VALUE_MIME]: 'Tree',
  'text/html': 'HTML',
  'text/markdown': 'Markdown',
  'image/svg+xml': 'Picture',
  'image/png': 'Picture',
  'image/jpeg': 'Picture',
  'image/gif': 'Picture',
  'image/webp': 'Picture',
  'application/json': 'JSON',
  'text/latex': 'LaTeX',
  'text/plain': 'Text',
} as const;

/** Any other JSON is a tree; of these people know the name. */
const NAMED: readonly (readonly [RegExp, string])[] = [
  [/^application\/vnd\.vegalite\b/, 'Vega-Lite'],
  [/^application\/vnd\.vega\b/, 'Vega'],
  [/^application\/vnd\.plotly\b/, 'Plotly'],
  [/^application\/geo\+json$/, 'GeoJSON'],
  [/^application\/vnd\.dataresource\+json$/, 'Data'],
];

/** They are for a program on the page, and say nothing to a reader who has a text. */
const FOR_PROGRAMS = /^application\/vnd\.(?:jupyter\.widget|bokehjs|holoviews)/;
const OTHER_TEXT = /^text\/(?!javascript|ecmascript)/;
/** Notes of ours. */
const OUR_NOTES = /^application\/vnd\.tutti\./;

type JsonMime = `application/${string}+json`;
type TextMime = `text/${string}`;

export type KnownMime = keyof typeof KNOWN | JsonMime | TextMime;

/** What is shown as it is written: CSV, reStructuredText … */
export function isOtherText(mime: KnownMime): boolean {
  return mime.startsWith('text/') && !isTold(mime);
}

export interface Shown {
  readonly mime: KnownMime;
  /** For a reader who chooses among forms. */
  readonly label: string;
  readonly value: unknown;
  /** `alt` of the bundle's metadata, else null. */
  readonly description: string | null;
  /** In CSS pixels, where the metadata say so (images of high resolution). */
  readonly width: number | null;
}

/** The best form of a bundle; null when the page knows none of them. */
export function bestOf(bundle: MimeBundle): Shown | null {
  return formsOf(bundle)[0] ?? null;
}

/** All forms worth looking at, the best first. */
export function formsOf(bundle: MimeBundle): readonly Shown[] {
  const mimes = inOrder(bundle).filter((mime) => isReadable(mime, bundle.data[mime]));
  const forms = mimes.map((mime) => formOf(bundle, mime));
  const [best] = forms;
  const text = forms.find(({ mime }) => mime === 'text/plain');
  if (!best || !text || best === text) return forms;
  const others = forms.filter((form) => form !== text);
  if (isWordFor(best, text)) return others;
  return isBetterAsText(best, textOf(text.value)) ? [text, ...others] : forms;
}

/** JSON of other tools comes before the text, but for what only a program reads. */
function inOrder(bundle: MimeBundle): readonly KnownMime[] {
  const known = Object.keys(KNOWN) as KnownMime[];
  const others = Object.keys(bundle.data).filter(
    (mime): mime is JsonMime => /^application\/.+\+json$/.test(mime) && !OUR_NOTES.test(mime),
  );
  const text = known.indexOf('text/latex');
  return [
    ...known.slice(0, text),
    ...others.filter((mime) => !FOR_PROGRAMS.test(mime)),
    ...known.slice(text),
    ...Object.keys(bundle.data).filter((mime): mime is TextMime => OTHER_TEXT.test(mime) && !(mime in KNOWN)),
    ...others.filter((mime) => FOR_PROGRAMS.test(mime)),
  ];
}

function labelOf(mime: KnownMime): string {
  if (isTold(mime)) return KNOWN[mime];
  return isOtherText(mime) ? mime.slice('text/'.length) : (chartName(mime) ?? 'JSON');
}

function isTold(mime: KnownMime): mime is keyof typeof KNOWN {
  return Object.hasOwn(KNOWN, mime);
}

/** The tool whose JSON this is. */
export function chartName(mime: KnownMime): string | null {
  return NAMED.find(([pattern]) => pattern.test(mime))?.[1] ?? null;
}

/** A text that is short and tells all is read at a glance; so are numbers in a row. */
function isBetterAsText({ mime, value }: Shown, text: string): boolean {
  const lines = text.split('\n', FEW_LINES + 1).length;
  if (mime === TABLE_MIME) return lines === 1 && text.length <= SHORT_LINE;
  if (mime !== VALUE_MIME) return false;
  return isPlainList(value) || (lines <= FEW_LINES && !LEFT_OUT.test(text));
}

const FEW_LINES = 10;
const SHORT_LINE = 60;
/** `[Array]`, `[Foo]`, `... 3 more items`: marks of what a text leaves out. */
const LEFT_OUT = /\[[A-Z]\w*\]|\.\.\. \d+ more/;

function isReadable(mime: KnownMime, value: unknown): boolean {
  if (mime === TABLE_MIME) return readTable(value) !== null;
  if (mime === VALUE_MIME) return readLiveValue(value) !== null;
  return value !== undefined && !(value === '' && FOR_PROGRAMS.test(mime));
}

function formOf(bundle: MimeBundle, mime: KnownMime): Shown {
  const { alt, width } = metadataFor(bundle, mime);
  return {
    mime,
    label: labelOf(mime),
    value: bundle.data[mime],
    description: typeof alt === 'string' ? alt : null,
    width: typeof width === 'number' ? width : null,
  };
}

/** `<SVG image>` beside the image. */
function isWordFor({ mime, value }: Shown, text: Shown): boolean {
  if (mime.startsWith('application/')) return false;
  const words = textOf(text.value);
  const isShort = words.length <= 100 && !words.trim().includes('\n');
  return words === textOf(value) || (isShort && (mime.startsWith('image/') || /^<.*>$/.test(words.trim())));
}

function isPlainList(value: unknown): boolean {
  const { summary, entries } = value as LiveValue;
  const isList = /^\w+\(\d+\) \[/.test(summary.text);
  return isList && entries.every((entry) => entry.value.node === null && entry.value.kind !== 'string');
}

function metadataFor(bundle: MimeBundle, mime: string): { readonly alt?: unknown; readonly width?: unknown } {
  const own = bundle.metadata[mime];
  return { ...bundle.metadata, ...(typeof own === 'object' && own !== null ? own : {}) };
}

export function tableOf({ value }: Shown): TableForm {
  return value as TableForm;
}

/** Text of a bundle's value: files may hold it as a list of lines. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.filter((part) => typeof part === 'string').join('');
  return jsonText(value);
}

/** Indented by `space`. A value that is no JSON is said as what it is. */
export function jsonText(value: unknown, space = 0): string {
  try {
    return JSON.stringify(value, null, space);
  } catch (error) {
    return `[${String(error)}]`;
  }
}
