import { type ReactNode, useEffect, useState } from 'react';
import type { CellDifference, Comparison } from '../../notebook/compare-cells.ts';
import { useCommands } from '../context.ts';
import { plural } from '../format.ts';
import { contextOf, differenceOf, type DiffPart } from './diff-parts.ts';

type Reading = { readonly comparison: Comparison } | { readonly failure: string } | null;

/** What restoring this snapshot would change, cell by cell. */
export function SnapshotPreview({ at }: { readonly at: number }): ReactNode {
  const commands = useCommands();
  const [reading, setReading] = useState<Reading>(null);
  useEffect(() => {
    let current = true;
    commands.compareSnapshot(at).then(
      (comparison) => {
        if (current) setReading({ comparison });
      },
      (error: unknown) => {
        if (current) setReading({ failure: error instanceof Error ? error.message : String(error) });
      },
    );
    return () => {
      current = false;
    };
  }, [commands, at]);
  return (
    <section className="snapshot-preview" aria-label="What restoring changes" tabIndex={0}>
      {reading && 'failure' in reading ? <p role="alert">{reading.failure}</p> : null}
      {reading && 'comparison' in reading ? <Differences comparison={reading.comparison} /> : null}
    </section>
  );
}

/** Cells whose lines are drawn; of the others the summary tells. */
const MOST_CELLS = 200;

function Differences({ comparison }: { readonly comparison: Comparison }): ReactNode {
  const { differences } = comparison;
  return (
    <>
      <p className="snapshot-summary">{summaryOf(comparison)}</p>
      {differences.slice(0, MOST_CELLS).map((difference) => (
        <Difference key={difference.id} difference={difference} />
      ))}
      {differences.length > MOST_CELLS ? (
        <p className="snapshot-summary">{plural(differences.length - MOST_CELLS, 'more cell')}</p>
      ) : null}
    </>
  );
}

/** In words, for those who only want to know how much. */
export function summaryOf({ differences, reordered }: Comparison): string {
  const back = differences.filter(({ before }) => before === null).length;
  const away = differences.filter(({ after }) => after === null).length;
  const changed = differences.length - back - away;
  const parts = [
    ...(changed > 0 ? [`changes ${plural(changed, 'cell')}`] : []),
    ...(back > 0 ? [`brings back ${plural(back, 'cell')}`] : []),
    ...(away > 0 ? [`takes away ${plural(away, 'cell')}`] : []),
    ...(reordered ? ['moves cells back'] : []),
  ];
  if (parts.length === 0) return 'The cells are as they are now; outputs may differ.';
  return `Restoring ${parts.join(', ')}. Undo brings back what is there now.`;
}

const KINDS = { code: 'Code', markdown: 'Markdown', raw: 'Raw' } as const;
const WORDS = { back: 'comes back', away: 'goes', changed: 'changes' } as const;

function Difference({ difference }: { readonly difference: CellDifference }): ReactNode {
  const { before, after, kind } = difference;
  const what = before === null ? 'back' : after === null ? 'away' : 'changed';
  const parts = contextOf(differenceOf(before, after));
  return (
    <div className="snapshot-cell">
      <h3>
        {KINDS[kind]} cell {WORDS[what]}
      </h3>
      <pre>
        {parts.map((part, i) => (
          <DiffLines key={i} part={part} />
        ))}
      </pre>
    </div>
  );
}

function DiffLines({ part: { kind, lines } }: { readonly part: DiffPart }): ReactNode {
  const sign = { added: '+', removed: '−', same: ' ', skipped: ' ' }[kind];
  return lines.map((line, i) => {
    const text = `${sign} ${line}\n`;
    if (kind === 'added') return <ins key={i}>{text}</ins>;
    if (kind === 'removed') return <del key={i}>{text}</del>;
    return (
      <span key={i} className={kind}>
        {text}
      </span>
    );
  });
}
