import type { ReactNode } from 'react';

interface Props {
  /** What cannot be undone, as a verb. */
  readonly verb: string;
  readonly onKeep: () => void;
  readonly onDo: () => void;
}

/** The two answers to a question about what cannot be undone. The one that does no harm has the focus. */
export function KeepOr({ verb, onKeep, onDo }: Props): ReactNode {
  return (
    <>
      <button type="button" className="text-button outlined" autoFocus onClick={onKeep}>
        Keep
      </button>
      <button type="button" className="text-button outlined danger" onClick={onDo}>
        {verb}
      </button>
    </>
  );
}
