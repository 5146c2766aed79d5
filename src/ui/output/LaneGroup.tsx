import { Fragment, type ReactNode, useState } from 'react';
import { EngineChip, engineStyle } from '../engines/EngineMark.tsx';
import { formatCount, formatEngines } from '../format.ts';
import { ShowAll } from './Beginning.tsx';
import { labelOf, type LaneView } from './lanes.ts';
import { OutputView } from './OutputView.tsx';

/** Lanes that are drawn unasked, as many as a page has engines and more, and at a time when they are asked for. A file
 * may have any number. */
const STEP = 256;
const MOST_MORE = 1000;

/** The lanes of the engines, one under the other. */
export function LaneGroup({ lanes }: { readonly lanes: readonly LaneView[] }): ReactNode {
  const [count, setCount] = useState(STEP);
  const left = lanes.length - count;
  return (
    <div className="lanes">
      {lanes.slice(0, count).map((lane) => (
        // The first engine of a lane stays its first, however many join.
        <LaneRow key={lane.engines[0]} lane={lane} />
      ))}
      {left > 0 ? (
        <ShowAll
          what={`${formatCount(left)} more engines`}
          label={left > MOST_MORE ? `Show ${formatCount(MOST_MORE)} more` : 'Show all'}
          onClick={() => {
            setCount(count + MOST_MORE);
          }}
        />
      ) : null}
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
      {engines.slice(0, STEP).map((engine) => (
        <EngineChip key={engine} engine={engine} />
      ))}
      {engines.length > STEP ? ` +${formatCount(engines.length - STEP)}` : null}
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
      {engines.slice(0, MOST_MORE).map((engine, i) => (
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
      ? lane.perEngine
          .slice(0, STEP)
          .map((outputs) => outputs[i])
          .map((one) => (one ? labelOf(one) : null))
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
