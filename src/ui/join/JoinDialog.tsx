import { TriangleAlert } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useCluster, useCommands, usePage } from '../context.ts';
import { Dialog, focusedFirst } from '../shell/Dialog.tsx';
import './join.css';

/** Where a join link leads, and whether the reader wants to go there. */
export function JoinDialog(): ReactNode {
  const commands = useCommands();
  const host = usePage((page) => page.joinHost);
  const refused = usePage((page) => page.joinRefused);
  const wish = usePage((page) => page.joinFor);
  const connecting = useCluster((view) => view.join?.status === 'connecting');
  return (
    <Dialog
      title="Join a cluster"
      onClose={() => {
        commands.setDialog(null);
      }}
    >
      {host === null ? (
        <LinkField wish={wish} />
      ) : (
        <Confirmation host={host} wish={wish} connecting={connecting} blocked={refused !== null} />
      )}
      {refused === null ? null : (
        <p className="join-refused" role="alert">
          <TriangleAlert size={16} aria-hidden="true" />
          {refused}
        </p>
      )}
      {host !== null && refused !== null ? (
        <div className="dialog-actions">
          <button
            ref={focusedFirst}
            type="button"
            className="text-button outlined"
            onClick={() => {
              commands.proposeJoin('');
            }}
          >
            Use another link
          </button>
        </div>
      ) : null}
    </Dialog>
  );
}

/** Who wishes it, when it is not the reader: cells are named by their place. */
function whoWishes(cell: number): string {
  return cell === 0 ? 'Code of this notebook' : `Cell ${String(cell)}`;
}

interface WishProps {
  /** The place of the cell that wishes it, 0 if that is not known; null: the reader does. */
  readonly wish: number | null;
}

function LinkField({ wish }: WishProps): ReactNode {
  const commands = useCommands();
  const [text, setText] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        commands.proposeJoin(text);
      }}
    >
      {wish === null ? (
        <p>
          A notebook can run on a cluster of IPython.parallel: engines of JavaScript and Python, on as many
          machines as it has. Beside it runs <code>tutti-gateway</code>, which prints a join link.
        </p>
      ) : (
        <p>
          <strong>{whoWishes(wish)}</strong> asks for a cluster of IPython.parallel. Beside the cluster runs{' '}
          <code>tutti-gateway</code>, which prints a join link. The notebook does not get to see it.
        </p>
      )}
      <label className="join-field">
        Join link
        <input
          ref={focusedFirst}
          value={text}
          placeholder="https://…#join=wss…&t=…"
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => {
            setText(event.target.value);
          }}
        />
      </label>
      <div className="dialog-actions">
        <button type="submit" className="text-button primary" disabled={text.trim() === ''}>
          Continue
        </button>
      </div>
    </form>
  );
}

function Confirmation({
  host,
  wish,
  connecting,
  blocked,
}: WishProps & {
  readonly host: string;
  readonly connecting: boolean;
  readonly blocked: boolean;
}): ReactNode {
  const commands = useCommands();
  return (
    <>
      {wish === null ? (
        <>
          <p>
            This link leads to the cluster at <strong className="join-host">{host}</strong>.
          </p>
          <p>
            The code you run goes to these machines, and runs there with all the rights of whoever started the
            engines. The engines of this browser are stopped. Join only if you know whose machines they are.
          </p>
        </>
      ) : (
        <>
          <p>
            <strong>{whoWishes(wish)}</strong> wants to join the cluster at{' '}
            <strong className="join-host">{host}</strong>.
          </p>
          <p>
            This notebook can then send its code and data to these machines, and run code there with all the
            rights of whoever started the engines. The engines of this browser go on. Agree only if you trust
            the notebook, and know whose machines they are.
          </p>
        </>
      )}
      {blocked ? null : (
        <div className="dialog-actions">
          <button
            ref={focusedFirst}
            type="button"
            className="text-button outlined"
            onClick={() => {
              commands.setDialog(null);
            }}
          >
            {wish === null ? 'Cancel' : 'Do not join'}
          </button>
          <button
            type="button"
            className="text-button primary"
            disabled={connecting}
            onClick={commands.acceptJoin}
          >
            {connecting ? 'Joining…' : 'Join this cluster'}
          </button>
        </div>
      )}
    </>
  );
}
