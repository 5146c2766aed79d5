import type { ReactNode } from 'react';
import type { WireError } from '../../protocol/errors.ts';
import { EngineChip } from '../engines/EngineMark.tsx';
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

interface HeadlineProps {
  readonly error: WireError;
  /** Those whose engines are named: more than one share this headline. */
  readonly labels: readonly WireError[];
}

export function ErrorHeadline({ error, labels }: HeadlineProps): ReactNode {
  const place = placeOf(error);
  const many = labels.length > 1;
  return (
    <p className="error-headline">
      {labels.map((labelled, i) => (
        <span key={i} className={many ? 'visually-hidden' : 'error-label'}>
          {engineLabel(labelled)}{' '}
        </span>
      ))}
      {many ? (
        <span className="chips" aria-hidden="true">
          {labels.map(({ engineInfo }, i) =>
            engineInfo ? <EngineChip key={i} engine={engineInfo.engineId} /> : null,
          )}
        </span>
      ) : null}
      <span className="error-name">{error.ename}</span>
      {error.evalue === '' ? null : <span className="error-message">: {error.evalue}</span>}
      {place ? (
        <span className="error-place">
          {' '}
          <CellLink {...place} />
        </span>
      ) : null}
    </p>
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
