import { type ReactNode, useState } from 'react';
import type { Output } from '../../protocol/outputs.ts';
import { plural } from '../format.ts';
import { groupErrors } from './composite.ts';
import { ErrorHeadline, TracebackFold } from './ErrorView.tsx';

type CompositeOutput = Extract<Output, { type: 'composite-error' }>;

/** Failures that are drawn at a time. */
const STEP = 500;

/** What failed on several engines: one entry for each different failure, the first `tbLimit` unasked. */
export function CompositeErrorView({ output }: { readonly output: CompositeOutput }): ReactNode {
  const [count, setCount] = useState(Math.min(output.tbLimit, STEP));
  const shown = output.errors.slice(0, count);
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
            setCount(count + STEP);
          }}
        >
          {`... ${plural(hidden, 'more exception')} ...`}
        </button>
      ) : null}
    </div>
  );
}
