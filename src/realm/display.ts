import type { MimeBundle, StreamEvent } from '../protocol/outputs.ts';
import { registerBuiltin } from '../protocol/canned.ts';
import type { Shelf } from './looking/shelf.ts';
import { bundleFromData, bundleOf, isEmptyBundle, isThenable, JUPYTER_DISPLAY } from './mime.ts';

export interface DisplayOptions {
  /** The value is a bundle's data already: `{ 'text/html': '…' }`. Default false. */
  readonly raw?: boolean;
  /** A name by which `updateDisplay` finds this display again. Default: a new one. */
  readonly displayId?: string;
  /** By MIME type, as nbformat has it: `{ 'image/png': { width: 300 } }`. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** One display that can be changed later. As a cell's last value it shows nothing of its own. */
export interface DisplayHandle {
  readonly id: string;
  update(value: unknown, options?: Omit<DisplayOptions, 'displayId'>): void;
}

export interface Display {
  (value: unknown, options?: DisplayOptions): DisplayHandle;
  html(html: string, options?: Omit<DisplayOptions, 'raw'>): DisplayHandle;
  svg(svg: string, options?: Omit<DisplayOptions, 'raw'>): DisplayHandle;
  markdown(text: string, options?: Omit<DisplayOptions, 'raw'>): DisplayHandle;
  latex(text: string, options?: Omit<DisplayOptions, 'raw'>): DisplayHandle;
  json(value: unknown, options?: Omit<DisplayOptions, 'raw'>): DisplayHandle;
  /** Base64 text, a `data:` URL, or bytes. */
  png(image: string | Uint8Array, options?: Omit<DisplayOptions, 'raw'>): DisplayHandle;
}

export interface DisplayApi {
  readonly display: Display;
  readonly updateDisplay: (value: unknown, options: DisplayOptions & { readonly displayId: string }) => void;
  readonly clearOutput: (options?: { readonly wait?: boolean }) => void;
  /** Resolves when displays whose value makes its forms slowly (by a promise) have gone out; undefined when
   * there are none. */
  readonly settled: () => Promise<void> | undefined;
}

/** `sink` gets the events in the order in which they are known; `newId` makes names for displays; what is on the
 * shelf can be looked into. */
export function makeDisplay(
  sink: (event: StreamEvent) => void,
  newId: () => string,
  shelf: Shelf | null = null,
): DisplayApi {
  const pending = new Set<PromiseLike<void>>();

  const send = (bundle: MimeBundle, displayId: string, update: boolean) => {
    if (isEmptyBundle(bundle)) return;
    sink({ type: 'display', bundle, displayId, ...(update ? { update } : {}) });
  };

  const show = (value: unknown, options: DisplayOptions, displayId: string, update: boolean) => {
    const bundle = toBundle(value, options, shelf);
    if (!isThenable(bundle)) {
      send(bundle, displayId, update);
      return;
    }
    const later = bundle.then((known) => {
      pending.delete(later);
      send(known, displayId, update);
    });
    pending.add(later);
  };

  const displayValue = (value: unknown, options: DisplayOptions = {}): DisplayHandle => {
    checkOptions(options);
    const id = options.displayId ?? newId();
    show(value, options, id, false);
    return handleFor(id, (next, nextOptions) => {
      show(next, nextOptions, id, true);
    });
  };

  const as = (mime: string) => (value: unknown, options?: DisplayOptions) =>
    displayValue(
      { [mime]: value, ...(mime === 'application/json' ? {} : textFor(mime, value)) },
      { ...options, raw: true },
    );

  const display: Display = Object.assign(displayValue, {
    html: as('text/html'),
    svg: as('image/svg+xml'),
    markdown: as('text/markdown'),
    latex: as('text/latex'),
    json: as('application/json'),
    png: as('image/png'),
  });

  const api: DisplayApi = {
    display,
    updateDisplay(value, options) {
      checkOptions(options);
      if (typeof (options as DisplayOptions | undefined)?.displayId !== 'string') {
        throw new TypeError('updateDisplay needs { displayId }: the id that display() was given');
      }
      show(value, options, options.displayId, true);
    },
    clearOutput({ wait = false } = {}) {
      sink({ type: 'clear-output', wait });
    },
    settled: () => (pending.size === 0 ? undefined : allOf(pending)),
  };
  registerBuiltin('display', display);
  registerBuiltin('updateDisplay', api.updateDisplay);
  registerBuiltin('clearOutput', api.clearOutput);
  return api;
}

/** Those too that begin while others are awaited. */
async function allOf(pending: ReadonlySet<PromiseLike<void>>): Promise<void> {
  while (pending.size > 0) await Promise.all(pending);
}

function toBundle(
  value: unknown,
  { raw = false, metadata }: DisplayOptions,
  shelf: Shelf | null,
): MimeBundle | Promise<MimeBundle> {
  if (raw) return bundleFromData(rawData(value), metadata);
  const bundle = bundleOf(value, shelf);
  if (!metadata) return bundle;
  const withMetadata = (known: MimeBundle) => ({
    ...known,
    metadata: { ...known.metadata, ...bundleFromData({}, metadata).metadata },
  });
  return isThenable(bundle) ? bundle.then(withMetadata) : withMetadata(bundle);
}

function rawData(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw new TypeError(
    "display with { raw: true } takes an object by MIME type, e.g. { 'text/html': '<b>hi</b>' }",
  );
}

/** Text forms have themselves as plain text; for pictures there is a word. */
function textFor(mime: string, value: unknown): Record<string, unknown> {
  if (/^text\/(markdown|latex)$/.test(mime)) return { 'text/plain': String(value) };
  return {
    'text/plain': mime === 'text/html' ? '<HTML>' : mime === 'image/png' ? '<PNG image>' : '<SVG image>',
  };
}

const OPTIONS = new Set(['raw', 'displayId', 'metadata']);

function checkOptions(options: unknown): void {
  const unknown = Object.keys(Object(options) as object).find((name) => !OPTIONS.has(name));
  if (typeof options === 'object' && options !== null && unknown === undefined) return;
  throw new TypeError(
    unknown === undefined
      ? 'display takes one value and an options object'
      : `display has no option '${unknown}'; it has raw, displayId and metadata`,
  );
}

type Update = (value: unknown, options: DisplayOptions) => void;

function handleFor(id: string, update: Update): DisplayHandle {
  const handle: DisplayHandle = {
    id,
    update(value, options = {}) {
      checkOptions(options);
      update(value, options);
    },
  };
  Object.defineProperty(handle, JUPYTER_DISPLAY, { value: () => ({}) });
  return handle;
}
