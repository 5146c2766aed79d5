import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/jetbrains-mono/index.css';
import '@fontsource-variable/source-serif-4/index.css';
import '../tokens.css';
import '../base.css';
import '../contrast.css';
import './shell.css';
import '../print.css';
import { lazy, type ReactNode, useEffect, useState } from 'react';
import { CellList } from '../cell/CellList.tsx';
import { useCommands, useNotebook, usePage } from '../context.ts';
import { prewarmMonaco } from '../editor/load-monaco.ts';
import { EnginePanel } from '../engines/EnginePanel.tsx';
import { FindBar } from '../find/FindBar.tsx';
import { Banners } from './Banners.tsx';
import { Boundary } from './Boundary.tsx';
import { Dialogs } from './Dialogs.tsx';
import { LazyPart, Missing } from './LazyPart.tsx';
import { Rail } from './Rail.tsx';
import { StartStrip } from './StartStrip.tsx';
import { TooltipLayer } from './Tooltip.tsx';
import { TopBar } from './TopBar.tsx';
import { useMedia } from './use-media.ts';

/** The page. Its notebook is kept, whatever cannot be drawn. */
export function Shell(): ReactNode {
  return (
    <Boundary instead={<Missing />}>
      <Page />
    </Boundary>
  );
}

/** Bar, rail, notebook, engines. */
function Page(): ReactNode {
  const narrow = useMedia('(width < 900px)');
  const start = usePage((page) => page.view === 'start');
  const starting = useNotebook(({ session }) => session.kernel.status === 'starting');
  // The engines first: both would want the whole machine.
  useEffect(() => {
    if (!starting) prewarmMonaco();
  }, [starting]);
  return (
    <TooltipLayer>
      <DropZone>
        <div className="shell">
          <TopBar narrow={narrow} />
          {start ? (
            <LazyPart>
              <StartPage />
            </LazyPart>
          ) : (
            <NotebookParts narrow={narrow} />
          )}
        </div>
      </DropZone>
      <Dialogs />
      <Announcer />
    </TooltipLayer>
  );
}

function NotebookParts({ narrow }: { readonly narrow: boolean }): ReactNode {
  return (
    <>
      {narrow ? null : <Rail />}
      <Drawer />
      <main className="notebook" aria-label="Notebook">
        <Banners />
        <FindBar />
        <div className="notebook-scroller">
          <StartStrip />
          <CellList />
        </div>
      </main>
      <EnginePanel narrow={narrow} />
      <TaskStream />
    </>
  );
}

const StartPage = lazy(async () => ({ default: (await import('../start/StartPage.tsx')).StartPage }));
const DrawerPanel = lazy(async () => ({ default: (await import('./DrawerPanel.tsx')).DrawerPanel }));

function Drawer(): ReactNode {
  const open = usePage((page) => page.drawer !== null);
  return open ? (
    <LazyPart>
      <DrawerPanel />
    </LazyPart>
  ) : null;
}

const TaskDrawer = lazy(() => import('../timeline/TaskDrawer.tsx'));

/** Loaded when it is opened first. */
function TaskStream(): ReactNode {
  const open = usePage((page) => page.streamOpen);
  const height = usePage((page) => page.streamHeight);
  if (!open) return null;
  return (
    <LazyPart fallback={<div className="task-drawer" style={{ height: `${String(height * 100)}vh` }} />}>
      <TaskDrawer />
    </LazyPart>
  );
}

/** Starts, ends and failures, said once each, politely. */
function Announcer(): ReactNode {
  const { text, count } = usePage((page) => page.announcement);
  return (
    <div className="visually-hidden" aria-live="polite" data-count={count}>
      {/* The same sentence twice differs by a space, or it would not be said again. */}
      {text + (count % 2 === 0 ? '' : '\u00a0')}
    </div>
  );
}

/** Files dropped anywhere on the page: a notebook is opened, data go into the workspace. */
function DropZone({ children }: { readonly children: ReactNode }): ReactNode {
  const commands = useCommands();
  const [over, setOver] = useState(false);
  return (
    <div
      className={over ? 'drop-zone over' : 'drop-zone'}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (event.relatedTarget === null) setOver(false);
      }}
      onDrop={(event) => {
        setOver(false);
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        commands.openDropped(event.dataTransfer);
      }}
    >
      {children}
    </div>
  );
}
