import { FilePlus, FolderOpen } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useCommands, useNotebook, usePage } from '../context.ts';
import { StorageMeter } from '../shell/StorageMeter.tsx';
import { Banners } from '../shell/Banners.tsx';
import type { NotebookEntry } from '../stores/page-store.ts';
import { OwnNotebook } from './OwnNotebook.tsx';
import './start-page.css';

/** More than this are shown when asked for. */
const SHOWN = 8;

/** All notebooks: one's own, examples, templates. Never in the way: the first visit shows a notebook, not this. */
export function StartPage(): ReactNode {
  const commands = useCommands();
  const examples = usePage((page) => page.examples);
  const templates = usePage((page) => page.templates);
  return (
    <main className="start-page" aria-label="All notebooks">
      <Banners />
      <div className="start-column">
        <header className="start-head">
          <h1>Notebooks</h1>
          <button type="button" className="text-button primary" onClick={commands.newNotebook}>
            <FilePlus size={15} aria-hidden="true" /> New notebook
          </button>
          <button type="button" className="text-button outlined" onClick={commands.openFile}>
            <FolderOpen size={15} aria-hidden="true" /> Open a file
          </button>
        </header>
        <OwnNotebooks />
        <Cards
          title="Examples"
          entries={examples}
          open={commands.openEntry}
          hint="Opened as they are; what you change in one is kept."
        />
        <Cards
          title="Templates"
          entries={templates}
          open={commands.newFromTemplate}
          hint="Each makes a new notebook of yours."
        />
        <StorageMeter />
      </div>
    </main>
  );
}

function OwnNotebooks(): ReactNode {
  const recent = usePage((page) => page.recent);
  const [all, setAll] = useState(false);
  const [wanted, setWanted] = useState('');
  const [openId, openName] = useNotebook(({ session }) => [session.document.id, session.document.name]);
  // The open one may have been renamed a moment ago; the list is what is on disk.
  const entries = recent.map((entry) => (entry.key === openId ? { ...entry, title: openName } : entry));
  const found = entries.filter(({ title }) => title.toLowerCase().includes(wanted.trim().toLowerCase()));
  const shown = all || wanted !== '' ? found : found.slice(0, SHOWN);
  return (
    <section aria-labelledby="start-own">
      <div className="start-section-head">
        <h2 id="start-own">Yours</h2>
        <p>Kept in this browser, nowhere else.</p>
        {entries.length > SHOWN ? (
          <input
            type="search"
            className="start-search"
            aria-label="Find a notebook of yours"
            placeholder="Find"
            value={wanted}
            onChange={(event) => {
              setWanted(event.target.value);
            }}
          />
        ) : null}
      </div>
      {entries.length === 0 ? (
        <p className="start-empty">
          None yet. Make a new one, or drop an <code>.ipynb</code> file anywhere on the page.
        </p>
      ) : (
        <ul className="own-notebooks">
          {shown.map((entry) => (
            <OwnNotebook key={entry.key} entry={entry} />
          ))}
        </ul>
      )}
      {entries.length > 0 && found.length === 0 ? (
        <p className="start-empty">None of your notebooks has “{wanted}” in its name.</p>
      ) : null}
      {shown.length < found.length ? (
        <button
          type="button"
          className="text-button"
          onClick={() => {
            setAll(true);
          }}
        >
          Show all {found.length}
        </button>
      ) : null}
    </section>
  );
}

interface CardsProps {
  readonly title: string;
  readonly hint: string;
  readonly entries: readonly NotebookEntry[];
  readonly open: (key: string) => void;
}

function Cards({ title, hint, entries, open }: CardsProps): ReactNode {
  const heading = `start-${title}`;
  if (entries.length === 0) return null;
  return (
    <section aria-labelledby={heading}>
      <div className="start-section-head">
        <h2 id={heading}>{title}</h2>
        <p>{hint}</p>
      </div>
      <ul className="start-cards">
        {entries.map((entry) => (
          <li key={entry.key}>
            <button
              type="button"
              className="start-card"
              aria-label={entry.title}
              aria-description={entry.detail}
              onClick={() => {
                open(entry.key);
              }}
            >
              <span className="start-card-title">{entry.title}</span>
              <span className="start-card-detail">{entry.detail}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
