import type { ReactNode } from 'react';
import { isHidden } from '../../notebook/document-operations.ts';
import type { Cell, NotebookDocument } from '../../notebook/document.ts';
import { headingsOf } from '../../notebook/headings.ts';
import type { Language } from '../../protocol/client-messages.ts';
import { CodeText } from '../editor/CodeText.tsx';
import { ExportedOutputs } from './ExportedOutputs.tsx';
import type { Markup } from './markup.ts';

interface Props {
  readonly notebook: NotebookDocument;
  readonly markup: Markup;
  readonly link: string | null;
  readonly px: Language;
}

/** The notebook as it is read, without anything to press. */
export function ExportedNotebook({ notebook, markup, link, px }: Props): ReactNode {
  return (
    <>
      <header className="about">
        {hasTitle(notebook) ? <p>{notebook.name}</p> : <h1>{notebook.name}</h1>}
        {link === null ? null : <a href={link}>Open and run in Tutti</a>}
      </header>
      <main>
        {notebook.cells.map((cell, i) => (
          <section key={cell.id} className="cell" aria-label={`Cell ${String(i + 1)}`}>
            <ExportedCell {...{ cell, markup, px }} />
          </section>
        ))}
      </main>
    </>
  );
}

function hasTitle({ cells }: NotebookDocument): boolean {
  return cells.some(
    ({ kind, source }) => kind === 'markdown' && headingsOf(source).some(({ level }) => level === 1),
  );
}

function ExportedCell(props: {
  readonly cell: Cell;
  readonly markup: Markup;
  readonly px: Language;
}): ReactNode {
  const { cell, markup } = props;
  const { kind, source } = cell;
  if (kind === 'raw') return <pre className="raw-text">{source}</pre>;
  if (kind === 'markdown') {
    return <div className="prose" data-slot={markup.markdown(source, cell.foreign)} />;
  }
  return (
    <>
      <Folded folded={isHidden(cell, 'input')} word="Code">
        {source === '' ? null : (
          <div className="source">
            <span className="count">
              {cell.executionCount === null ? '' : `[${String(cell.executionCount)}]`}
            </span>
            <pre>
              <code>
                <CodeText text={source} px={props.px} />
              </code>
            </pre>
          </div>
        )}
      </Folded>
      {cell.outputs.length === 0 ? null : (
        <Folded folded={isHidden(cell, 'output')} word="Output">
          <ExportedOutputs outputs={cell.outputs} markup={markup} />
        </Folded>
      )}
    </>
  );
}

/** What is hidden in the notebook is one click away. */
function Folded(props: {
  readonly folded: boolean;
  readonly word: string;
  readonly children: ReactNode;
}): ReactNode {
  if (!props.folded) return props.children;
  return (
    <details>
      <summary>{props.word}</summary>
      {props.children}
    </details>
  );
}
