import { type ReactNode, useState } from 'react';
import type { WireError } from '../../protocol/errors.ts';
import { EngineChip } from '../engines/EngineMark.tsx';
import { formatCount } from '../format.ts';
import { beginningOf } from '../output/Beginning.tsx';
import { CellLink } from './CellLink.tsx';
import { engineLabel, placeOf } from './composite.ts';
import { SourceExcerpt } from './SourceExcerpt.tsx';
import { Traceback } from './Traceback.tsx';
import './traceback.css';

/** One error: what happened, where, and the traceback one click away. */
export function ErrorView({ error }: { readonly error: WireError }): ReactNode {
  return (
    <div className="error-view">
      <ErrorHeadline error={error} labels={engineLabel(error) === null ? [] : [error]} />
      <TracebackFold error={error} />
    </div>
  );
}

/** Engines that are named of those that failed alike. */
const MOST_LABELS = 200;

interface HeadlineProps {
  readonly error: WireError;
  /** Those whose engines are named: more than one share this headline. */
  readonly labels: readonly WireError[];
}

export function ErrorHeadline({ error, labels }: HeadlineProps): ReactNode {
  const place = placeOf(error);
  const many = labels.length > 1;
  const named = labels.slice(0, MOST_LABELS);
  return (
    <p className="error-headline">
      {named.map((labelled, i) => (
        <span key={i} className={many ? 'visually-hidden' : 'error-label'}>
          {engineLabel(labelled)}{' '}
        </span>
      ))}
      {many ? (
        <span className="chips" aria-hidden="true">
          {named.map(({ engineInfo }, i) =>
            engineInfo ? <EngineChip key={i} engine={engineInfo.engineId} /> : null,
          )}
          {labels.length > named.length ? ` +${formatCount(labels.length - named.length)}` : null}
        </span>
      ) : null}
      <Said className="error-name" text={error.ename} most={MOST_NAME} />
      {error.evalue === '' ? null : (
        <Said className="error-message" before=": " text={error.evalue} most={MOST_MESSAGE} />
      )}
      {place ? (
        <span className="error-place">
          {' '}
          <CellLink {...place} />
        </span>
      ) : null}
    </p>
  );
}

/** Characters of a name and of a message that are drawn unasked; a stranger's may be of any length. */
const MOST_NAME = 1000;
const MOST_MESSAGE = 10_000;

interface SaidProps {
  readonly className: string;
  readonly before?: string;
  readonly text: string;
  readonly most: number;
}

function Said({ className, before = '', text, most }: SaidProps): ReactNode {
  const [all, setAll] = useState(false);
  const length = all ? text.length : beginningOf(text, most);
  return (
    <>
      <span className={className}>
        {before}
        {text.slice(0, length)}
      </span>
      {length < text.length ? (
        <button
          type="button"
          className="link-button"
          onClick={() => {
            setAll(true);
          }}
        >
          {` … ${formatCount(text.length - length)} more characters`}
        </button>
      ) : null}
    </>
  );
}

/** The first line only repeats the headline: a traceback of nothing else is not worth a fold. Where code did
 * not parse, the line itself says all. */
export function TracebackFold({ error }: { readonly error: WireError }): ReactNode {
  if (error.position) return <SourceExcerpt error={error} />;
  if (error.traceback.length < 2) return null;
  return (
    <details className="traceback-fold">
      <summary>Traceback</summary>
      <Traceback error={error} />
    </details>
  );
}
