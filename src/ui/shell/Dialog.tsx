import { X } from 'lucide-react';
import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { IconButton } from './IconButton.tsx';
import './dialog.css';

interface Props {
  readonly title: string;
  /** For what stands in two columns. */
  readonly wide?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * As a `ref`, what has the focus first in a dialog: mostly the answer that does no harm. React's own `autoFocus` comes
 * before the dialog opens, which then looks for the attribute; in one that is open already the focus goes there.
 */
export function focusedFirst(element: HTMLElement | null): void {
  element?.setAttribute('autofocus', '');
  if (element?.closest('dialog')?.open === true) element.focus();
}

/** The browser's own modal dialog: it keeps the focus inside, gives it back, and closes on Escape. */
export function Dialog({ title, wide = false, onClose, children }: Props): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // Closed before it leaves the page: later it would not give the focus back.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => {
      element?.close();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={wide ? 'dialog wide' : 'dialog'}
      aria-labelledby={heading}
      onCancel={onClose}
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className="dialog-body">
        <header>
          <h2 id={heading}>{title}</h2>
          <IconButton label="Close" keys="Esc" icon={<X size={16} />} onClick={onClose} />
        </header>
        {children}
      </div>
    </dialog>
  );
}
