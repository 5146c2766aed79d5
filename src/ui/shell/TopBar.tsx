import {
  ArrowLeft,
  CircleStop,
  Download,
  FolderOpen,
  Link,
  Menu,
  PanelRightOpen,
  Play,
  RotateCw,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useCommands, useNotebook, usePage } from '../context.ts';
import { EngineDots } from '../engines/EngineList.tsx';
import { KEYS } from '../keys.ts';
import { TargetPicker } from '../targets/TargetPicker.tsx';
import { IconButton } from './IconButton.tsx';
import { MoreMenu } from './MoreMenu.tsx';
import { NotebookName } from './NotebookName.tsx';
import './top-bar.css';

/** `narrow`: below 900 px the engines' signs stand here, and the rail is a menu. */
export function TopBar({ narrow }: { readonly narrow: boolean }): ReactNode {
  const commands = useCommands();
  const start = usePage((page) => page.view === 'start');
  if (start) return <StartBar />;
  return (
    <header className="top-bar">
      <HomeButton />
      {narrow ? <DrawerButton /> : null}
      <NotebookName />
      <SavedNote />
      <div className="top-actions" role="toolbar" aria-label="Notebook">
        <RunButtons />
        <TargetPicker />
        <span className="top-divider" aria-hidden="true" />
        <IconButton
          className="roomy"
          label="Open"
          tip="Open an .ipynb file"
          icon={<FolderOpen size={16} />}
          onClick={commands.openFile}
        />
        <IconButton
          className="roomy"
          label="Download"
          tip="Download as .ipynb"
          icon={<Download size={16} />}
          onClick={commands.download}
        />
        <IconButton
          className="roomy"
          label="Share"
          tip="Make a link that holds the notebook"
          icon={<Link size={16} />}
          onClick={() => {
            commands.setDialog('share');
          }}
        />
        <MoreMenu />
      </div>
      <KernelStatus />
      {narrow ? <PanelButton /> : null}
    </header>
  );
}

/** Above the start page: what leads back. */
function StartBar(): ReactNode {
  const commands = useCommands();
  const name = useNotebook((view) => view.session.document.name);
  return (
    <header className="top-bar">
      <HomeButton />
      <strong className="brand">Tutti</strong>
      <div className="top-actions">
        <IconButton
          className="back"
          label={`Back to ${name}`}
          icon={<ArrowLeft size={15} />}
          text={`Back to “${name}”`}
          onClick={() => {
            commands.showStart(false);
          }}
        />
      </div>
    </header>
  );
}

/** The sign of Tutti, above the rail: to the start page and back. */
function HomeButton(): ReactNode {
  const commands = useCommands();
  const start = usePage((page) => page.view === 'start');
  return (
    <IconButton
      className="home"
      label="All notebooks"
      tip={start ? 'Back to the notebook' : 'All notebooks, examples and templates'}
      icon={<Mark />}
      aria-pressed={start}
      onClick={() => {
        commands.showStart(!start);
      }}
    />
  );
}

/** Four engines in four colours and shapes. */
function Mark(): ReactNode {
  return (
    <svg width="18" height="18" viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="4.5" cy="4.5" r="3" fill="var(--engine-0)" />
      <rect x="8.8" y="1.8" width="5.4" height="5.4" fill="var(--engine-1)" />
      <path d="M4.5 8.6 7.6 14H1.4z" fill="var(--engine-2)" />
      <path d="m11.5 8.2 3.2 3.2-3.2 3.2-3.2-3.2z" fill="var(--engine-3)" />
    </svg>
  );
}

function RunButtons(): ReactNode {
  const commands = useCommands();
  const busy = useNotebook(
    ({ session }) => session.runQueue.inFlight !== null || session.kernel.status === 'busy',
  );
  return (
    <>
      <IconButton
        className="primary"
        label="Run all"
        icon={<Play size={14} />}
        text="Run all"
        onClick={commands.runAll}
      />
      <IconButton
        label="Interrupt"
        tip="Interrupt what runs"
        keys={KEYS.interrupt}
        icon={<CircleStop size={16} />}
        className={busy ? 'urgent' : ''}
        onClick={commands.interrupt}
      />
      <IconButton
        className="not-phone"
        label="Restart engines"
        tip="Restart all engines: their namespaces are emptied"
        icon={<RotateCw size={15} />}
        onClick={() => {
          commands.restartEngines(null);
        }}
      />
    </>
  );
}

function DrawerButton(): ReactNode {
  const commands = useCommands();
  const drawer = usePage((page) => page.drawer);
  return (
    <IconButton
      label="Notebooks and contents"
      icon={<Menu size={16} />}
      aria-expanded={drawer !== null}
      onClick={() => {
        commands.setDrawer(drawer === null ? 'notebooks' : null);
      }}
    />
  );
}

/** Below 900 px: the signs of the engines, and the button for their sheet. */
function PanelButton(): ReactNode {
  const commands = useCommands();
  const open = usePage((page) => page.panelOpen);
  return (
    <>
      {open ? null : <EngineDots />}
      <IconButton
        label={open ? 'Hide the engines' : 'Show the engines'}
        keys={KEYS.enginePanel}
        icon={<PanelRightOpen size={16} />}
        aria-expanded={open}
        onClick={() => {
          commands.setPanelOpen(!open);
        }}
      />
    </>
  );
}

function SavedNote(): ReactNode {
  const saved = useNotebook((view) => view.saved);
  const words = { saved: 'Saved', pending: 'Saving…', failed: 'Not saved' }[saved.status];
  return <span className={`saved-note ${saved.status}`}>{words}</span>;
}

function KernelStatus(): ReactNode {
  const status = useNotebook((view) => view.session.kernel.status);
  return (
    <span className={`kernel-status ${status}`} role="status" aria-label={`Kernel: ${status}`}>
      <span className="kernel-dot" aria-hidden="true" />
      <span className="kernel-word">Kernel: </span>
      {status}
    </span>
  );
}
