import { type ReactNode, useState } from 'react';
import type { Output } from '../../protocol/outputs.ts';
import { plural } from '../format.ts';
import { groupErrors } from './composite.ts';
import { ErrorHeadline, TracebackFold } from './ErrorView.tsx';

type CompositeOutput = Extract<Output, { type: 'composite-error' }>;

/** What failed on several engines: one entry for each different failure, the first `tbLimit` unasked. */
export function CompositeErrorView({ output }: { readonly output: CompositeOutput }): ReactNode {
  const [all, setAll] = useState(false);
  const shown = all ? output.errors : output.errors.slice(0, output.tbLimit);
  const hidden = output.errors.length - shown.length;
  return (
    <div className="error-view composite">
      <p className="error-headline">
        <span className="error-name">CompositeError</span>
        <span className="error-message">: {output.message}</span>
      </p>
      <ul className="error-entries">
        {groupErrors(shown).map((group, i) => (
          <li key={i}>
            <ErrorHeadline error={group.error} labels={group.all} />
            <TracebackFold error={group.error} />
          </li>
        ))}
      </ul>
      {hidden > 0 ? (
        <button
          type="button"
          className="link-button"
          onClick={() => {
            setAll(true);
          }}
        >
          {`... ${plural(hidden, 'more exception')} ...`}
        </button>
      ) : null}
    </div>
  );
}
