import type { ReactNode } from 'react';
import { useNotebook, useStream } from '../context.ts';
import { formatCount, formatSeconds } from '../format.ts';
import type { ChartState } from './chart-state.ts';
import { kindTitle } from './task-kinds.ts';
import type { TaskKind } from './task-items.ts';
import { useChart } from './use-chart.ts';

/** What of a list is shown; the rest is counted. */
const MOST = 100;

/** Every function with its colour, and how far it is. Pressed, it alone stands out in the picture. */
export function KindList({ chart }: { readonly chart: ChartState }): ReactNode {
  useStream(({ version }) => version);
  const kinds = [...(chart.log?.kinds.all ?? [])].filter(({ total }) => total > 0);
  return (
    <aside className="task-side" aria-label="Functions">
      <h3>Functions</h3>
      {kinds.length === 0 ? <p className="task-note">Each function will have its colour here.</p> : null}
      <ul role="list">
        {kinds
          .slice(-MOST)
          .reverse()
          .map((kind) => (
            <KindRow key={`${kind.name} ${kind.cell ?? ''}`} kind={kind} chart={chart} />
          ))}
      </ul>
      {kinds.length > MOST ? (
        <p className="task-note">and {formatCount(kinds.length - MOST)} earlier ones</p>
      ) : null}
    </aside>
  );
}

function KindRow({ kind, chart }: { readonly kind: TaskKind; readonly chart: ChartState }): ReactNode {
  const title = useNotebook(({ numbers }) => kindTitle(kind, numbers));
  const pressed = useChart(chart, () => chart.only === kind);
  const { total, done, failed, lost, cancelled, spent, runs } = kind;
  const bad = failed + lost;
  return (
    <li>
      <button
        type="button"
        className="kind-row"
        aria-pressed={pressed}
        title={pressed ? 'Show all functions alike' : 'Let it stand out'}
        style={{ '--task': `var(--task-${String(kind.slot)})` } as React.CSSProperties}
        onClick={() => {
          chart.highlight(pressed ? null : kind);
        }}
      >
        <span className="kind-swatch" aria-hidden="true" />
        <span className="kind-name">{title}</span>
        <span className="kind-count numbers">
          {formatCount(done)}
          {done < total ? ` of ${formatCount(total)}` : ''}
        </span>
        <span className="kind-bar" aria-hidden="true">
          <span className="good" style={{ flexGrow: done }} />
          <span className="bad" style={{ flexGrow: bad }} />
          <span className="off" style={{ flexGrow: cancelled }} />
          <span style={{ flexGrow: total - done - bad - cancelled }} />
        </span>
        <span className="kind-facts numbers">
          {runs > 0 ? `${formatSeconds(spent / runs / 1000)} each` : 'not yet run'}
          {failed > 0 ? <span className="failed"> · {formatCount(failed)} failed</span> : null}
          {lost > 0 ? <span className="failed"> · {formatCount(lost)} lost</span> : null}
          {cancelled > 0 ? ` · ${formatCount(cancelled)} cancelled` : null}
        </span>
      </button>
    </li>
  );
}
