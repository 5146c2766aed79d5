import { Fragment, type ReactNode } from 'react';
import { assertNever } from '../../base/assert.ts';
import type { WireError } from '../../protocol/errors.ts';
import type { MimeBundle, Output } from '../../protocol/outputs.ts';
import { AnsiText } from '../output/AnsiText.tsx';
import { VALUE_MIME } from '../../protocol/looking.ts';
import { formsOf, isOtherText, jsonText, type Shown, tableOf, textOf } from '../output/bundle.ts';
import { isLate } from '../output/LateMark.tsx';
import { isNumeric } from '../output/grid-sizes.ts';
import { labelOf, layOut, type LaneView } from '../output/lanes.ts';
import { engineLabel, groupErrors } from '../traceback/composite.ts';
import type { Markup } from './markup.ts';

interface Props {
  readonly outputs: readonly Output[];
  readonly markup: Markup;
}

/** All that a cell has put out, laid out as in the notebook: engines that said the same share a lane. */
export function ExportedOutputs({ outputs, markup }: Props): ReactNode {
  return (
    <div className="outputs">
      {layOut(outputs, true).map((segment, i) =>
        segment.type === 'lanes' ? (
          segment.lanes.map((lane) => (
            <Lane key={`${String(i)}-${lane.engines.join()}`} {...{ lane, markup }} />
          ))
        ) : (
          <Fragment key={i}>
            {segment.outputs.map((output, k) => (
              <Labelled key={k} label={labelOf(output)} {...{ output, markup }} />
            ))}
          </Fragment>
        ),
      )}
    </div>
  );
}

function Lane({ lane, markup }: { readonly lane: LaneView; readonly markup: Markup }): ReactNode {
  const [first = 0] = lane.engines;
  return (
    <div className={lane.engines.length > 1 ? 'lane shared' : `lane engine-${String(first % 8)}`}>
      {lane.outputs.map((output, i) => {
        const labels = lane.perEngine.flatMap((outputs) => outputs[i] ?? []).map(labelOf);
        const label = labels.filter((each) => each !== null).join(' ');
        return <Labelled key={i} label={label === '' ? null : label} {...{ output, markup }} />;
      })}
    </div>
  );
}

function Labelled(props: {
  readonly label: string | null;
  readonly output: Output;
  readonly markup: Markup;
}): ReactNode {
  return (
    <div className="output">
      {props.label === null ? null : <span className="label">{props.label}</span>}
      {isLate(props.output) ? <span className="label">late</span> : null}
      <ExportedOutput output={props.output} markup={props.markup} />
    </div>
  );
}

function ExportedOutput({ output, markup }: { readonly output: Output; readonly markup: Markup }): ReactNode {
  switch (output.type) {
    case 'stream':
      return <TextOutput text={output.text} stream={output.name} />;
    case 'display':
    case 'result':
      return <BundleOutput bundle={output.bundle} markup={markup} />;
    case 'error':
      return <ErrorOutput error={output.error} all={[output.error]} />;
    case 'composite-error':
      return (
        <div className="composite">
          <p className="headline">
            <strong>CompositeError</strong>: {output.message}
          </p>
          {groupErrors(output.errors).map(({ error, all }, i) => (
            <ErrorOutput key={i} error={error} all={all} />
          ))}
        </div>
      );
    default:
      return assertNever(output);
  }
}

function BundleOutput({
  bundle,
  markup,
}: {
  readonly bundle: MimeBundle;
  readonly markup: Markup;
}): ReactNode {
  // Nobody opens a value on a page.
  const forms = formsOf(bundle).filter(({ mime }) => mime !== VALUE_MIME);
  return <ShownOutput forms={forms} markup={markup} />;
}

/** The first form that shows something without scripts. */
function ShownOutput({
  forms,
  markup,
}: {
  readonly forms: readonly Shown[];
  readonly markup: Markup;
}): ReactNode {
  const [shown, ...rest] = forms;
  if (!shown) return <p className="note">This output can’t be shown on a page.</p>;
  const text = textOf(shown.value);
  switch (shown.mime) {
    case 'application/vnd.tutti.table+json':
      return <TableOutput shown={shown} />;
    case 'text/html': {
      const slot = markup.html(text);
      return slot === null ? <NeedsScripts rest={rest} markup={markup} /> : <div data-slot={slot} />;
    }
    case 'text/markdown':
      return <div className="prose" data-slot={markup.markdown(text)} />;
    case 'text/latex':
      return <div className="latex" data-slot={markup.latex(text)} />;
    case 'image/svg+xml': {
      const slot = markup.svg(text);
      if (slot === null) return <NeedsScripts rest={rest} markup={markup} />;
      return <div className="plot" role="img" aria-label={shown.description ?? 'Plot'} data-slot={slot} />;
    }
    case 'text/plain':
      return <TextOutput text={text} stream="stdout" />;
    case 'image/png':
    case 'image/jpeg':
    case 'image/gif':
    case 'image/webp':
      return (
        <img
          src={`data:${shown.mime};base64,${text.replace(/\s/g, '')}`}
          alt={shown.description ?? 'Image'}
          {...(shown.width === null ? {} : { width: shown.width })}
        />
      );
    default:
      return <TextOutput text={isOtherText(shown.mime) ? text : jsonText(shown.value, 2)} stream="stdout" />;
  }
}

function NeedsScripts(props: { readonly rest: readonly Shown[]; readonly markup: Markup }): ReactNode {
  return (
    <>
      {props.rest.length > 0 ? <ShownOutput forms={props.rest} markup={props.markup} /> : null}
      <p className="note">This output needs scripts.</p>
    </>
  );
}

/** Columns of a table in the file. */
const MOST_COLUMNS = 500;

function TableOutput({ shown }: { readonly shown: Shown }): ReactNode {
  const { rowNames, total, ...table } = tableOf(shown);
  const columns = table.columns.slice(0, MOST_COLUMNS);
  const rows = table.rows.map((row) => row.slice(0, MOST_COLUMNS));
  const align = (column: number) => (isNumeric(rows, column) ? { align: 'right' as const } : {});
  return (
    <div className="html">
      <table>
        <thead>
          <tr>
            <th />
            {columns.map((name, column) => (
              <th key={column} {...align(column)}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              <th>{rowNames?.[i] ?? i}</th>
              {row.map((cell, column) => (
                <td key={column} {...align(column)}>
                  {cell === null ? '' : String(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {table.columns.length > columns.length ? (
        <p className="note">
          The first {columns.length} of {table.columns.length} columns.
        </p>
      ) : null}
      {total > rows.length ? (
        <p className="note">
          The first {rows.length} of {total} rows.
        </p>
      ) : null}
    </div>
  );
}

function TextOutput({
  text,
  stream,
}: {
  readonly text: string;
  readonly stream: 'stdout' | 'stderr';
}): ReactNode {
  return (
    <pre className={`text ${stream}`}>
      <AnsiText text={text.replace(/\n$/, '')} />
    </pre>
  );
}

function ErrorOutput({
  error,
  all,
}: {
  readonly error: WireError;
  readonly all: readonly WireError[];
}): ReactNode {
  const labels = all.map(engineLabel).filter((label) => label !== null);
  return (
    <div className="error">
      <p className="headline">
        {labels.length > 0 ? <span className="label">{labels.join(' ')} </span> : null}
        <strong>{error.ename}</strong>
        {error.evalue === '' ? null : `: ${error.evalue}`}
      </p>
      {error.traceback.length < 2 ? null : (
        <pre className="text">
          <AnsiText text={error.traceback.slice(1).join('\n')} />
        </pre>
      )}
    </div>
  );
}
