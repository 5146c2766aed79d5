import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useCommands, usePage } from '../context.ts';

/** A notebook that an earlier page did not come to an end with is not opened by itself: the reader decides. */
export function StuckBanner(): ReactNode {
  const commands = useCommands();
  const stuck = usePage((page) => page.stuck);
  if (stuck === null) return null;
  const answers = [
    ['plain', 'Open without outputs'],
    ['again', 'Try again'],
    ['download', 'Download'],
    ['delete', stuck.isKept ? 'Delete' : 'Discard the link'],
  ] as const;
  return (
    <div className="banner warning" role="region" aria-label="Not opened">
      <TriangleAlert size={16} aria-hidden="true" />
      <p>
        <strong>{stuck.name} was not opened.</strong> Last time the page stopped before the notebook was
        shown. It may be too much for this browser.
      </p>
      {answers.map(([answer, words]) => (
        <button
          key={answer}
          type="button"
          className="text-button outlined"
          onClick={() => {
            commands.answerStuck(answer);
          }}
        >
          {words}
        </button>
      ))}
    </div>
  );
}
