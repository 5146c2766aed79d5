import { CircleStop, RotateCw } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import type { EngineState } from '../../protocol/client-messages.ts';
import { useCluster, useCommands } from '../context.ts';
import { formatCount, formatElapsed } from '../format.ts';
import { IconButton } from '../shell/IconButton.tsx';
import { useTip } from '../shell/Tooltip.tsx';
import { useNow } from '../use-now.ts';
import { EngineMark, engineStyle } from './EngineMark.tsx';

/** The engines in full: state, what runs, counts, and the two buttons that end it. */
export function EngineList(): ReactNode {
  const engines = useCluster((view) => view.engines);
  return (
    <ul className="engine-list" aria-label="Engines" role="list">
      {engines.map((engine) => (
        <EngineRow key={engine.id} engine={engine} />
      ))}
    </ul>
  );
}

/** The same in a row or column of signs, for where there is no room. */
export function EngineDots(): ReactNode {
  const engines = useCluster((view) => view.engines);
  return (
    <ul className="engine-dots" aria-label="Engines" role="list">
      {engines.map((engine) => (
        <EngineDot key={engine.id} engine={engine} />
      ))}
    </ul>
  );
}

function nameOf(engine: EngineState): string {
  return `Engine ${String(engine.id)}: ${engine.status}`;
}

const EngineDot = memo(function EngineDot({ engine }: { readonly engine: EngineState }): ReactNode {
  const tips = useTip();
  return (
    <li
      className={`engine-dot ${engine.status}`}
      style={engineStyle(engine.id)}
      aria-label={nameOf(engine)}
      onPointerEnter={(event) => {
        tips.show({
          text: `e${String(engine.id)} is ${engine.status}${engine.running ? `: ${engine.running.name}` : ''}`,
          keys: null,
          anchor: event.currentTarget.getBoundingClientRect(),
        });
      }}
      onPointerLeave={tips.hide}
    >
      <EngineMark engine={engine.id} size={13} />
      <span aria-hidden="true">e{engine.id}</span>
    </li>
  );
});

const EngineRow = memo(function EngineRow({ engine }: { readonly engine: EngineState }): ReactNode {
  const commands = useCommands();
  const name = `e${String(engine.id)}`;
  return (
    <li className={`engine-row ${engine.status}`} style={engineStyle(engine.id)} aria-label={nameOf(engine)}>
      <EngineMark engine={engine.id} size={14} />
      <span className="engine-name">
        {name}
        {engine.generation > 1 ? <span className="engine-generation">·{engine.generation}</span> : null}
      </span>
      <span className="engine-status">
        <StatusShape status={engine.status} />
        {engine.status}
      </span>
      <span className="engine-buttons">
        <IconButton
          className="small"
          label={`Stop ${name}`}
          tip={`Stop what ${name} runs`}
          icon={<CircleStop size={14} />}
          disabled={engine.status !== 'busy'}
          onClick={() => {
            commands.interruptEngines([engine.id]);
          }}
        />
        {engine.language === undefined ? (
          <IconButton
            className="small"
            label={`Renew ${name}`}
            tip={`Restart ${name} with an empty namespace`}
            icon={<RotateCw size={14} />}
            onClick={() => {
              commands.restartEngines([engine.id]);
            }}
          />
        ) : null}
      </span>
      <Counts engine={engine} />
      <Place engine={engine} />
      <span className="engine-work">{engine.death ?? <Running engine={engine} />}</span>
    </li>
  );
});

/** Of an engine on another machine: what it runs, and where. */
function Place({ engine }: { readonly engine: EngineState }): ReactNode {
  if (engine.language === undefined) return null;
  const language = engine.language === 'python' ? 'Python' : 'JavaScript';
  return (
    <span className="engine-counts">
      <span>{language}</span>
      {engine.host === undefined ? null : <span className="engine-place">{engine.host}</span>}
    </span>
  );
}

function StatusShape({ status }: { readonly status: EngineState['status'] }): ReactNode {
  return (
    <span className={`status-shape ${status}`} aria-hidden="true">
      {status === 'dead' ? '✕' : ''}
    </span>
  );
}

function Running({ engine }: { readonly engine: EngineState }): ReactNode {
  const { running } = engine;
  const now = useNow(running !== null);
  if (!running) return null;
  return (
    <>
      <span className="engine-task">{running.name}</span>
      <span className="numbers engine-elapsed">{formatElapsed((now - running.since) / 1000)}</span>
    </>
  );
}

function Counts({ engine }: { readonly engine: EngineState }): ReactNode {
  const waiting = engine.queued + Math.max(0, engine.outstanding - (engine.running ? 1 : 0));
  return (
    <span className="engine-counts numbers">
      {waiting > 0 ? <span>{formatCount(waiting)} queued</span> : null}
      <span>{formatCount(engine.completed - engine.failed)} done</span>
      {engine.failed > 0 ? <span className="failed">{formatCount(engine.failed)} failed</span> : null}
    </span>
  );
}
