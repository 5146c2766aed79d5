import { memo, type ReactNode, useMemo } from 'react';
import type { Output } from '../../protocol/outputs.ts';
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

/** All that a cell has put out. */
export const CellOutputs = memo(function CellOutputs({ outputs, running, selected }: Props): ReactNode {
  const segments = useMemo(() => layOut(outputs, !running), [outputs, running]);
  const list = useMemo(() => segments.map(segmentView), [segments]);
  return <InSelectedCell value={selected}>{list}</InSelectedCell>;
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
