import { Info, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { foreignLanguage } from '../../notebook/cells.ts';
import { usualLanguage } from '../../protocol/px-language.ts';
import { useCluster, useCommands, useNotebook } from '../context.ts';
import { IconButton } from './IconButton.tsx';

/** The notebook is written in a language that the kernel does not run. Python has engines that do. */
export function LanguageBanner(): ReactNode {
  const commands = useCommands();
  const id = useNotebook((view) => view.session.document.id);
  const language = useNotebook((view) => foreignLanguage(view.session.document));
  const autopx = useNotebook((view) => view.session.autopx !== null);
  const hasPython = useCluster((view) => usualLanguage(view.engines) === 'python');
  const joining = useCluster((view) => view.join !== null);
  /** The notebook whose reader has closed it. */
  const [closed, setClosed] = useState<string | null>(null);
  if (language === null || closed === id || (hasPython && autopx)) return null;
  const isPython = language === 'Python';
  return (
    <div className="banner" role="region" aria-label="Language">
      <Info size={16} aria-hidden="true" />
      <p>
        <strong>This notebook is written in {language}.</strong>{' '}
        {!isPython
          ? 'Tutti runs JavaScript and TypeScript; this can be read here.'
          : hasPython
            ? 'With %autopx its cells run on the Python engines of the cluster.'
            : 'Join a cluster with Python engines to run it, or read it here.'}
      </p>
      {isPython && hasPython ? (
        <button type="button" className="text-button outlined" onClick={commands.toggleAutopx}>
          Turn on %autopx
        </button>
      ) : null}
      {isPython && !hasPython && !joining ? (
        <button
          type="button"
          className="text-button outlined"
          onClick={() => {
            commands.proposeJoin('');
          }}
        >
          Join a cluster
        </button>
      ) : null}
      <IconButton
        className="small"
        label="Read it here"
        icon={<X size={14} />}
        onClick={() => {
          setClosed(id);
        }}
      />
    </div>
  );
}
