import { memo, type ReactNode, useMemo, useState } from 'react';
import { MAX_AFTER_MARK, MAX_OUTPUTS } from '../../notebook/cell-outputs.ts';
import type { Output } from '../../protocol/outputs.ts';
import { formatCount } from '../format.ts';
import { ShowAll } from './Beginning.tsx';
import { LaneGroup } from './LaneGroup.tsx';
import { labelOf, layOut, type Segment } from './lanes.ts';
import { InSelectedCell } from './OutputFrame.tsx';
import { OutputView } from './OutputView.tsx';
import './output.css';

interface Props {
  readonly outputs: readonly Output[];
  readonly running: boolean;
  /** The cell is the selected one. */
  readonly selected: boolean;
}

/** As many as a cell that runs keeps, so that only files have more; and how many come at a time when they are asked
 * for. */
const FIRST = MAX_OUTPUTS + MAX_AFTER_MARK + 1;
const MORE = 1000;

/** All that a cell has put out. */
export const CellOutputs = memo(function CellOutputs({ outputs, running, selected }: Props): ReactNode {
  const [count, setCount] = useState(FIRST);
  const segments = useMemo(() => layOut(outputs.slice(0, count), !running), [outputs, count, running]);
  const list = useMemo(() => segments.map(segmentView), [segments]);
  const left = outputs.length - count;
  return (
    <InSelectedCell value={selected}>
      {list}
      {left > 0 ? (
        <ShowAll
          what={`${formatCount(left)} more outputs`}
          label={left > MORE ? `Show ${formatCount(MORE)} more` : 'Show all'}
          onClick={() => {
            setCount(count + MORE);
          }}
        />
      ) : null}
    </InSelectedCell>
  );
});

function segmentView(segment: Segment, i: number): ReactNode {
  return segment.type === 'lanes' ? (
    <LaneGroup key={i} lanes={segment.lanes} />
  ) : (
    <div key={i} className="kernel-outputs">
      {segment.outputs.map((output, k) => (
        <KernelOutput key={k} output={output} />
      ))}
    </div>
  );
}

function KernelOutput({ output }: { readonly output: Output }): ReactNode {
  const label = labelOf(output);
  if (label === null) return <OutputView output={output} />;
  return (
    <div className="labelled">
      <span className="out-label">{`${label} `}</span>
      <OutputView output={output} />
    </div>
  );
}
