import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useCommands, usePage } from '../context.ts';
import type { Drawer, NotebookEntry } from '../stores/page-store.ts';
import { Contents } from './Contents.tsx';
import { FileList } from './FileList.tsx';
import { IconButton } from './IconButton.tsx';
import './drawer.css';

const WORDS: Readonly<Record<Drawer, string>> = {
  notebooks: 'Notebooks',
  contents: 'Contents',
  files: 'Files',
};
const DRAWERS = Object.keys(WORDS) as readonly Drawer[];

/** What the rail opens, over the notebook's left: the notebooks there are, the contents of this one, its files. */
export function DrawerPanel(): ReactNode {
  const drawer = usePage((page) => page.drawer);
  const commands = useCommands();
  if (drawer === null) return null;
  const close = (): void => {
    commands.setDrawer(null);
  };
  return (
    <aside
      className="drawer"
      aria-label={WORDS[drawer]}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <header>
        <div role="tablist" aria-label="Drawer" className="drawer-tabs">
          {DRAWERS.map((each) => (
            <Tab
              key={each}
              chosen={drawer === each}
              word={WORDS[each]}
              choose={() => {
                commands.setDrawer(each);
              }}
            />
          ))}
        </div>
        <IconButton label="Close" keys="Esc" icon={<X size={16} />} onClick={close} />
      </header>
      {drawer === 'notebooks' ? <NotebookLists /> : drawer === 'contents' ? <Contents /> : <FileList />}
    </aside>
  );
}

function Tab(props: {
  readonly chosen: boolean;
  readonly word: string;
  readonly choose: () => void;
}): ReactNode {
  return (
    <button type="button" role="tab" aria-selected={props.chosen} onClick={props.choose}>
      {props.word}
    </button>
  );
}

function NotebookLists(): ReactNode {
  const commands = useCommands();
  const examples = usePage((page) => page.examples);
  const recent = usePage((page) => page.recent);
  return (
    <>
      <Entries title="Yours" entries={recent} />
      <Entries title="Examples" entries={examples} />
      <button type="button" className="entry new" onClick={commands.newNotebook}>
        <Plus size={15} /> New notebook
      </button>
    </>
  );
}

function Entries(props: { readonly title: string; readonly entries: readonly NotebookEntry[] }): ReactNode {
  const commands = useCommands();
  const openKey = usePage((page) => page.openKey);
  if (props.entries.length === 0) return null;
  return (
    <section aria-label={props.title}>
      <h2>{props.title}</h2>
      <ul>
        {props.entries.map((entry) => (
          <li key={entry.key}>
            <button
              type="button"
              className="entry"
              {...(entry.key === openKey ? { 'aria-current': 'page' as const } : {})}
              onClick={() => {
                commands.openEntry(entry.key);
              }}
            >
              <span className="entry-title">{entry.title}</span>
              <span className="entry-detail">{entry.detail}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
