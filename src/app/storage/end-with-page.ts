/**
 * A page that is left may be kept as it stands, to be shown again (the page cache), and its transactions with it: they
 * cannot go on, and what they have locked stays locked. In WebKit the next page of this origin waited for minutes. So
 * with the page its transactions end and its connections close. What has been handed to the browser with `commit()` is
 * written all the same, and the journal has what is not.
 */
const connections = new Set<() => void>();

let back: Promise<void> | null = null;
let comeBack: () => void = () => undefined;

export function watchPage(view: EventTarget): void {
  view.addEventListener('pagehide', () => {
    back ??= new Promise((resolve) => {
      comeBack = resolve;
    });
    for (const end of connections) end();
    connections.clear();
  });
  view.addEventListener('pageshow', () => {
    back = null;
    comeBack();
  });
}
if (typeof window !== 'undefined') watchPage(window);

/** Resolves while the page is shown; a page that is left begins nothing. */
export function whileShown(): Promise<void> {
  return back ?? Promise.resolve();
}

/** `onClosed`: whoever needs it opens it again. */
export function endWithPage(db: IDBDatabase, onClosed: () => void): void {
  const open = new Set<IDBTransaction>();
  const begin = db.transaction.bind(db);
  db.transaction = (...how) => {
    const transaction = begin(...how);
    open.add(transaction);
    const forget = (): void => void open.delete(transaction);
    transaction.addEventListener('complete', forget);
    transaction.addEventListener('abort', forget);
    return transaction;
  };
  connections.add(() => {
    for (const transaction of open) {
      try {
        transaction.abort();
      } catch {
        // It has been committed already.
      }
    }
    db.close();
    onClosed();
  });
}
