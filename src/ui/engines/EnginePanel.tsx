import { Minus, PanelRightClose, PanelRightOpen, Plus } from 'lucide-react';
import { lazy, type ReactNode } from 'react';
import { useCluster, useCommands, useNotebook, usePage } from '../context.ts';
import { formatCount, plural } from '../format.ts';
import { CellJoinNotes, JoinNote } from '../join/JoinNote.tsx';
import { KEYS } from '../keys.ts';
import { IconButton } from '../shell/IconButton.tsx';
import { LazyPart } from '../shell/LazyPart.tsx';
import { useTip } from '../shell/Tooltip.tsx';
import { AdaptNote } from './AdaptNote.tsx';
import { EngineDots, EngineList } from './EngineList.tsx';
import type { PanelTab } from '../stores/page-store.ts';
import { HistoryNote } from './HistoryNote.tsx';
import './engines.css';

/** The cluster at the reader's right hand: open with rows, or a strip of signs. */
export function EnginePanel({ narrow }: { readonly narrow: boolean }): ReactNode {
  const open = usePage((page) => page.panelOpen);
  const tab = usePage((page) => page.panelTab);
  const joined = useCluster((view) => view.join !== null);
  const commands = useCommands();
  if (!open && narrow) return null;
  if (!open) {
    return (
      <aside className="engine-strip" aria-label="Cluster">
        <IconButton
          label="Show the cluster"
          keys={KEYS.enginePanel}
          icon={<PanelRightOpen size={16} />}
          onClick={() => {
            commands.setPanelOpen(true);
          }}
        />
        <EngineDots />
      </aside>
    );
  }
  return (
    <aside className={narrow ? 'engine-panel sheet' : 'engine-panel'} aria-label="Cluster">
      <header>
        <Tabs />
        {joined || tab === 'variables' ? null : (
          <>
            <RemoveButton />
            <AddButton />
          </>
        )}
        <IconButton
          label="Hide the cluster"
          keys={KEYS.enginePanel}
          icon={<PanelRightClose size={16} />}
          onClick={() => {
            commands.setPanelOpen(false);
          }}
        />
      </header>
      {tab === 'variables' ? (
        <LazyPart>
          <VariablesView />
        </LazyPart>
      ) : (
        <>
          <Summary />
          {joined ? <JoinNote /> : null}
          <EngineList />
          <KernelNote />
          {joined ? null : <AdaptNote />}
          {joined ? null : <HistoryNote />}
          <CellJoinNotes />
          {joined ? null : <JoinNote />}
        </>
      )}
    </aside>
  );
}

const VariablesView = lazy(() => import('../variables/VariablesView.tsx'));

const TABS: readonly { readonly tab: PanelTab; readonly word: string; readonly tip: string }[] = [
  { tab: 'engines', word: 'Engines', tip: 'What each engine does' },
  { tab: 'variables', word: 'Variables', tip: 'What kernel and engines hold' },
];

function Tabs(): ReactNode {
  const chosen = usePage((page) => page.panelTab);
  const commands = useCommands();
  const tips = useTip();
  return (
    <div
      role="tablist"
      aria-label="Cluster"
      className="panel-tabs"
      onKeyDown={(event) => {
        if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
        event.preventDefault();
        const other = TABS.find(({ tab }) => tab !== chosen);
        if (!other) return;
        commands.setPanelTab(other.tab);
        event.currentTarget.querySelector<HTMLElement>(`#panel-tab-${other.tab}`)?.focus();
      }}
    >
      {TABS.map(({ tab, word, tip }) => (
        <button
          key={tab}
          id={`panel-tab-${tab}`}
          type="button"
          role="tab"
          aria-selected={tab === chosen}
          tabIndex={tab === chosen ? 0 : -1}
          onClick={() => {
            commands.setPanelTab(tab);
          }}
          onPointerEnter={(event) => {
            const anchor = event.currentTarget.getBoundingClientRect();
            tips.show({ text: tip, keys: null, anchor, above: true });
          }}
          onPointerLeave={tips.hide}
        >
          {word}
        </button>
      ))}
    </div>
  );
}

/** By hand, while the number is. */
const ADAPTS = 'The number of engines adapts to the work';

function AddButton(): ReactNode {
  const commands = useCommands();
  const adapts = useCluster((view) => view.adapt !== null);
  return (
    <IconButton
      label="Add an engine"
      tip={adapts ? ADAPTS : 'Add an engine'}
      icon={<Plus size={16} />}
      disabled={adapts}
      onClick={commands.addEngine}
    />
  );
}

/** One engine less: an idle one if there is one, since what runs on it would be lost. */
function RemoveButton(): ReactNode {
  const commands = useCommands();
  const adapts = useCluster((view) => view.adapt !== null);
  const count = useCluster(({ engines }) => engines.filter(({ status }) => status !== 'dead').length);
  return (
    <IconButton
      label="Stop an engine"
      tip={adapts ? ADAPTS : 'Stop an engine: the latest that is idle'}
      icon={<Minus size={16} />}
      disabled={adapts || count === 0}
      onClick={commands.removeEngine}
    />
  );
}

function Summary(): ReactNode {
  const text = useCluster(({ engines, adapt }) => {
    const count = (status: string): number => engines.filter((engine) => engine.status === status).length;
    const waiting = engines.reduce((sum, engine) => sum + engine.queued, 0);
    return [
      plural(engines.length, 'engine'),
      ...(['busy', 'idle', 'starting', 'dead'] as const)
        .filter((status) => count(status) > 0)
        .map((status) => `${formatCount(count(status))} ${status}`),
      ...(waiting > 0 ? [`${formatCount(waiting)} queued`] : []),
      ...(adapt === null ? [] : [`adapts, ${String(adapt.min)} to ${String(adapt.max)}`]),
    ].join(' · ');
  });
  return <p className="engine-summary numbers">{text}</p>;
}

/** Why the kernel is not there, and what this browser cannot do. */
function KernelNote(): ReactNode {
  const reason = useNotebook((view) => view.session.kernel.reason);
  const isolated = useCluster((view) => view.isolated);
  return (
    <>
      {reason === null ? null : <p className="engine-note">{reason}</p>}
      {isolated === false ? (
        <p className="engine-note">
          This page has no shared memory. Blocking calls say so and name their awaitable twins; everything
          else works.
        </p>
      ) : null}
    </>
  );
}
