import { CompositeError } from '../../client/composite-error.ts';
import { ClusterError } from '../../client/errors.ts';
import type { WireError } from '../../protocol/errors.ts';
import type { MimeBundle } from '../../protocol/outputs.ts';
import { UsageError } from '../../realm/magics/flags.ts';
import { toWireError } from '../../realm/wire-error.ts';
import { NO_FLAGS, type MagicRegistry } from './magic.ts';

/**
 * `%debug` after a failing cell: the exception as an object to explore. In a notebook the cells are the prompt:
 * `e` (and `_error`) is what the last failing cell threw, `e.` completes, `e.printTraceback(1)` works.
 */
export function registerDebug(registry: MagicRegistry): void {
  registry.register('debug', {
    forms: 'line',
    usage: '',
    help: 'open what the last failing cell threw, as e',
    flags: NO_FLAGS,
    prepare: (_call, context) => () => {
      const last = context.lastError();
      if (last === undefined)
        throw new UsageError('%debug: no cell has failed yet, so there is nothing to debug.');
      context.bind('_error', last.error);
      context.bind('e', last.error);
      context.display(summaryOf(last.error));
      return Promise.resolve({});
    },
  });
}

interface Row {
  readonly index: string;
  readonly engine: string;
  readonly ename: string;
  readonly evalue: string;
}

const HEAD: Row = { index: 'index', engine: 'engine', ename: 'ename', evalue: 'evalue' };
const COLUMNS = ['index', 'engine', 'ename', 'evalue'] as const;
const MOST_ROWS = 100;
const WIDEST = 80;

function summaryOf(error: unknown): MimeBundle {
  return error instanceof CompositeError ? compositeSummary(error) : singleSummary(error);
}

function compositeSummary(error: CompositeError): MimeBundle {
  const rows = error.errors.slice(0, MOST_ROWS).map((one, i) => rowOf(one.toWire(), i));
  const hidden = error.errors.length - rows.length;
  const more = hidden > 0 ? `... ${String(hidden)} more exceptions ...` : null;
  const title = `e = CompositeError(${String(error.errors.length)}): ${error.msg}`;
  const last = String(Math.min(1, error.errors.length - 1));
  const hint = `Explore it in a cell: e.printTraceback(${last}), e.elist[${last}], e.raiseException(${last})`;
  return {
    data: {
      'text/plain': [title, ...tableText(rows), ...(more === null ? [] : [more]), hint].join('\n'),
      'text/html':
        `<p><code>${escaped(title)}</code></p>${tableHtml(rows)}` +
        (more === null ? '' : `<p>${escaped(more)}</p>`) +
        `<p>${hintHtml(hint)}</p>`,
    },
    metadata: {},
  };
}

function singleSummary(error: unknown): MimeBundle {
  const wire = error instanceof ClusterError ? error.toWire() : toWireError(error, { engineInfo: null });
  const where = wire.engineInfo === null ? '' : ` on engine ${String(wire.engineInfo.engineId)}`;
  const title = `e = ${wire.ename}: ${wire.evalue}`;
  const frames = wire.traceback.slice(1);
  const calls = error instanceof ClusterError ? 'e.traceback, e.engineInfo' : 'e.message, e.stack, e.cause';
  const hint = `Raised${where === '' ? ' in the kernel' : where}. Explore it in a cell: ${calls}`;
  return {
    data: {
      'text/plain': [title, ...frames, hint].join('\n'),
      'text/html':
        `<p><code>${escaped(title)}</code></p>` +
        (frames.length === 0 ? '' : `<pre>${escaped(frames.join('\n'))}</pre>`) +
        `<p>${hintHtml(hint)}</p>`,
    },
    metadata: {},
  };
}

function rowOf({ ename, evalue, engineInfo }: WireError, index: number): Row {
  const engine = engineInfo === null ? '' : String(engineInfo.engineId);
  const line = evalue.replaceAll(/\s+/g, ' ');
  const short = line.length > WIDEST ? `${line.slice(0, WIDEST - 1)}…` : line;
  return { index: String(index), engine, ename, evalue: short };
}

function tableText(rows: readonly Row[]): readonly string[] {
  const widths = COLUMNS.map((column) => Math.max(...[HEAD, ...rows].map((row) => row[column].length)));
  return [HEAD, ...rows].map((row) =>
    COLUMNS.map((column, i) => row[column].padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function tableHtml(rows: readonly Row[]): string {
  const head = COLUMNS.map((column) => `<th scope="col">${column}</th>`).join('');
  const body = rows.map(
    (row) => `<tr>${COLUMNS.map((column) => `<td>${escaped(row[column])}</td>`).join('')}</tr>`,
  );
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

/** What follows the colon is code, one call after the other. */
function hintHtml(hint: string): string {
  const at = hint.lastIndexOf(': ') + 2;
  const calls = hint.slice(at).split(', ');
  return escaped(hint.slice(0, at)) + calls.map((call) => `<code>${escaped(call)}</code>`).join(', ');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (char) => ENTITIES[char] ?? char);
}
