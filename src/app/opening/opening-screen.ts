import { formatBytes } from '../../ui/format.ts';

/** What stands on the page while the notebook that its address names is on its way from elsewhere. */
export interface OpeningScreen {
  /** Ends when the reader has had enough. */
  readonly signal: AbortSignal;
  readonly progress: (read: number, total: number | null) => void;
}

/** Drawn by hand: nothing of the page is there yet, and all of it takes the place of this. */
export function showOpening(root: HTMLElement, host: string): OpeningScreen {
  const cancelling = new AbortController();
  const main = document.createElement('main');
  main.className = 'opening-screen';
  const words = document.createElement('p');
  words.setAttribute('role', 'status');
  const amount = document.createElement('p');
  const cancel = document.createElement('button');
  cancel.type = 'button';
  cancel.className = 'text-button outlined';
  cancel.textContent = 'Cancel';
  cancel.addEventListener('click', () => {
    cancelling.abort(new Error('You cancelled it.'));
  });
  words.textContent = `Opening a notebook from ${host}…`;
  main.append(words, amount, cancel);
  root.replaceChildren(main);
  return {
    signal: cancelling.signal,
    progress(read, total) {
      amount.textContent =
        total === null ? formatBytes(read) : `${formatBytes(read)} of ${formatBytes(total)}`;
    },
  };
}
