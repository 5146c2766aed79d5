import type { Autosave } from './autosave.ts';

/** The last moment at which a page can still save: when it is hidden, which on phones may be the last that
 * it hears. What did not come to its end before the page was left is saved when it is shown again. Returns what
 * stops it. */
export function saveOnHide(autosave: Pick<Autosave, 'flush'>, page: Document = document): () => void {
  const flush = () => {
    void autosave.flush();
  };
  const onVisibility = () => {
    if (page.visibilityState === 'hidden') flush();
  };
  const view = page.defaultView;
  page.addEventListener('visibilitychange', onVisibility);
  view?.addEventListener('pagehide', flush);
  view?.addEventListener('pageshow', flush);
  return () => {
    page.removeEventListener('visibilitychange', onVisibility);
    view?.removeEventListener('pagehide', flush);
    view?.removeEventListener('pageshow', flush);
  };
}
