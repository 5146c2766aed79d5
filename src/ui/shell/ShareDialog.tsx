import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { ShareLink } from '../commands.ts';
import { useCommands } from '../context.ts';
import { formatCount } from '../format.ts';
import { Dialog } from './Dialog.tsx';

type Making = { readonly link: ShareLink } | { readonly failure: string } | null;

/** The notebook as a link, and what a link of that length can pass through. */
export function ShareDialog(): ReactNode {
  const commands = useCommands();
  const [making, setMaking] = useState<Making>(null);
  useEffect(() => {
    let current = true;
    commands.share().then(
      (link) => {
        if (current) setMaking({ link });
      },
      (error: unknown) => {
        if (current) setMaking({ failure: error instanceof Error ? error.message : String(error) });
      },
    );
    return () => {
      current = false;
    };
  }, [commands]);
  return (
    <Dialog
      title="Share"
      onClose={() => {
        commands.setDialog(null);
      }}
    >
      <p>
        The link holds the notebook itself, without its outputs. Nothing is uploaded; whoever has the link has
        the notebook.
      </p>
      {making === null ? <p className="share-verdict">Making the link…</p> : null}
      {making && 'failure' in making ? <p role="alert">{making.failure}</p> : null}
      {making && 'link' in making ? <MadeLink link={making.link} /> : null}
    </Dialog>
  );
}

function MadeLink({ link }: { readonly link: ShareLink }): ReactNode {
  const commands = useCommands();
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  return (
    <>
      <div className="share-row">
        <input
          className="code-field"
          ref={field}
          readOnly
          aria-label="Link to this notebook"
          value={link.url}
          onFocus={(event) => {
            event.currentTarget.select();
          }}
        />
        <button
          type="button"
          className="text-button primary"
          autoFocus
          onClick={() => {
            commands.copy(link.url).then(
              () => {
                setCopied(true);
              },
              () => {
                // No clipboard here: the text is selected, the keyboard copies it.
                field.current?.focus();
              },
            );
          }}
        >
          {copied ? 'Copied' : 'Copy'}
        </button>
      </div>
      <p className="share-verdict">
        <span className="numbers">{formatCount(link.url.length)} characters.</span> {link.verdict}
      </p>
    </>
  );
}
