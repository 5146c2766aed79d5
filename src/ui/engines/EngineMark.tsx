import type { CSSProperties, ReactNode } from 'react';
import type { EngineId } from '../../protocol/ids.ts';
import './engine-mark.css';

/** Eight hues and eight shapes; from the ninth engine on they repeat, hollow. */
const SHAPES = [
  'M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 0 1 0-11z',
  'M3 3h10v10H3z',
  'M8 2.2l6.3 11H1.7z',
  'M8 1.5l6.5 6.5L8 14.5L1.5 8z',
  'M8 1.8l6.2 4.6-2.4 7.3H4.2L1.8 6.4z',
  'M4.6 2.2h6.8L14.8 8l-3.4 5.8H4.6L1.2 8z',
  'M8 13.8L1.7 2.8h12.6z',
  'M5.7 2h4.6v3.7H14v4.6h-3.7V14H5.7v-3.7H2V5.7h3.7z',
];

export function engineStyle(engine: EngineId): CSSProperties {
  return { '--engine': `var(--engine-${String(engine % 8)})` } as CSSProperties;
}

/** The sign by which an engine is known everywhere on the page. Says nothing: a label stands beside it. */
export function EngineMark({
  engine,
  size = 12,
}: {
  readonly engine: EngineId;
  readonly size?: number;
}): ReactNode {
  return (
    <svg
      className={engine % 16 >= 8 ? 'engine-mark hollow' : 'engine-mark'}
      style={engineStyle(engine)}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      <path d={SHAPES[engine % 8]} />
    </svg>
  );
}

/** `e3` with its sign. */
export function EngineChip({ engine }: { readonly engine: EngineId }): ReactNode {
  return (
    <span className="engine-chip" style={engineStyle(engine)}>
      <EngineMark engine={engine} size={9} />e{engine}
    </span>
  );
}
