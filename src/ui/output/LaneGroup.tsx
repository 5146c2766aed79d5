import { Fragment, type ReactNode, useState } from 'react';
import { EngineChip, engineStyle } from '../engines/EngineMark.tsx';
import { formatEngines } from '../format.ts';
import { labelOf, type LaneView } from './lanes.ts';
import { OutputView } from './OutputView.tsx';

/** The lanes of the engines, one under the other. */
export function LaneGroup({ lanes }: { readonly lanes: readonly LaneView[] }): ReactNode {
  return (
    <div className="lanes">
      {lanes.map((lane) => (
        // The first engine of a lane stays its first, however many join.
        <LaneRow key={lane.engines[0]} lane={lane} />
      ))}
    </div>
  );
}

function LaneRow({ lane }: { readonly lane: LaneView }): ReactNode {
  const [apart, setApart] = useState(false);
  const { engines } = lane;
  if (engines.length === 1) return <Lane lane={lane} />;
  const toggle = (
    <button
      type="button"
      className="lane-chips"
      aria-expanded={apart}
      aria-label={`Equal outputs of ${formatEngines(engines)}: ${apart ? 'show once' : 'show each'}`}
      title={apart ? 'Show once' : 'Show each engine'}
      onClick={() => {
        setApart(!apart);
      }}
    >
      {engines.map((engine) => (
        <EngineChip key={engine} engine={engine} />
      ))}
    </button>
  );
  if (!apart) {
    return (
      <div className="lane shared" data-engines={engines.join(' ')}>
        {toggle}
        <LaneOutputs lane={lane} />
      </div>
    );
  }
  return (
    <>
      <div className="lane shared">{toggle}</div>
      {engines.map((engine, i) => (
        <Lane key={engine} lane={{ engines: [engine], outputs: lane.perEngine[i] ?? [], perEngine: [] }} />
      ))}
    </>
  );
}

function Lane({ lane }: { readonly lane: LaneView }): ReactNode {
  return (
    <div className="lane" style={engineStyle(lane.engines[0] ?? 0)} data-engines={lane.engines.join(' ')}>
      <LaneOutputs lane={lane} />
    </div>
  );
}

/** Outputs with their labels; of a shared lane the labels are the chips, and for screen readers all of them. */
function LaneOutputs({ lane }: { readonly lane: LaneView }): ReactNode {
  const shared = lane.engines.length > 1;
  return lane.outputs.map((output, i) => {
    const labels = shared
      ? lane.perEngine.map((outputs) => outputs[i]).map((one) => (one ? labelOf(one) : null))
      : [labelOf(output)];
    const text = labels.filter((label) => label !== null).join(' ');
    return (
      <Fragment key={i}>
        {text === '' ? null : <span className={shared ? 'visually-hidden' : 'lane-label'}>{`${text} `}</span>}
        <div className={text === '' || shared ? 'lane-output wide' : 'lane-output'}>
          <OutputView output={output} />
        </div>
      </Fragment>
    );
  });
}
