import { type ReactNode, Suspense } from 'react';
import { useCommands } from '../context.ts';
import { Boundary } from './Boundary.tsx';

interface Props {
  /** What stands there while it comes; default: nothing. */
  readonly fallback?: ReactNode;
  /** What stands there when it cannot be had; default: `Missing` itself. */
  readonly instead?: ReactNode;
  readonly children: ReactNode;
}

/**
 * A part of the page that is loaded when it is needed first. Where it cannot be had, since the network is gone or
 * another version of the page has taken its place, the rest of the page goes on.
 */
export function LazyPart({ fallback = null, instead = <Missing />, children }: Props): ReactNode {
  return (
    <Boundary instead={instead}>
      <Suspense fallback={fallback}>{children}</Suspense>
    </Boundary>
  );
}

export function Missing(): ReactNode {
  const commands = useCommands();
  return (
    <div className="missing-part" role="alert">
      <p>This part of the page could not be shown. It may be missing because the network is gone.</p>
      <button type="button" className="text-button outlined" onClick={commands.reload}>
        Reload the page
      </button>
    </div>
  );
}
