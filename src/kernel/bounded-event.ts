import { EVENT_BOUNDS, isWithin, type Bounds } from '../protocol/event-bounds.ts';
import type { WireError } from '../protocol/errors.ts';
import type { KernelEvent } from '../protocol/kernel-messages.ts';
import type { MimeBundle, Output } from '../protocol/outputs.ts';

/** The page looks at what is around it, too. */
const BOUNDS: Bounds = { ...EVENT_BOUNDS, depth: EVENT_BOUNDS.depth - 10, count: EVENT_BOUNDS.count - 1000 };

/**
 * The event as the page takes it. What is beyond the page's bounds would be dropped there, and nobody would know: forms of
 * an output that are too much go, and its text says so.
 */
export function boundedEvent(event: KernelEvent): KernelEvent {
  if (event.type === 'update-display') return { ...event, bundle: boundedBundle(event.bundle) };
  if (event.type !== 'output') return event;
  return { ...event, output: boundedOutput(event.output) };
}

function boundedOutput(output: Output): Output {
  switch (output.type) {
    case 'stream':
      return output;
    case 'display':
    case 'result':
      return { ...output, bundle: boundedBundle(output.bundle) };
    case 'error':
      return { ...output, error: shownOf(output.error) };
    case 'composite-error':
      return { ...output, errors: output.errors.map(shownOf) };
  }
}

function boundedBundle(bundle: MimeBundle): MimeBundle {
  if (isWithin(BOUNDS, bundle)) return bundle;
  const forms = Object.entries(bundle.data);
  const kept = forms.filter(([, form]) => isWithin(BOUNDS, form));
  const metadata = isWithin(BOUNDS, bundle.metadata) ? bundle.metadata : {};
  const gone = forms.filter((form) => !kept.includes(form)).map(([type]) => type);
  const rest = told({ data: Object.fromEntries(kept), metadata }, gone);
  // Each may be little, and all of them too much.
  return isWithin(BOUNDS, rest) ? rest : told({ data: {}, metadata: {} }, ['This output']);
}

function told({ data, metadata }: MimeBundle, gone: readonly string[]): MimeBundle {
  if (gone.length === 0) return { data, metadata };
  const types = gone.map((type) => type.slice(0, 100)).slice(0, 5);
  const text = data['text/plain'];
  const note = `[${types.join(', ')}: left out, it has more parts than can be shown, is too deep or too long]`;
  return { data: { ...data, 'text/plain': typeof text === 'string' ? `${text}\n${note}` : note }, metadata };
}

/** What an error carries is for code, and its traceback tells of it. */
function shownOf(error: WireError): WireError {
  const { ename, evalue, traceback, frames, engineInfo, position } = error;
  return { ename, evalue, traceback, frames, engineInfo, ...(position && { position }) };
}
