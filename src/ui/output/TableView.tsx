import { lazy, Suspense, type ReactNode } from 'react';
import type { TableForm } from '../../protocol/looking.ts';
import type { Lane } from '../../protocol/outputs.ts';
import { gridHeight } from './grid-sizes.ts';

const DataGrid = lazy(() => import('./DataGrid.tsx'));

/** Height of the line below a grid. */
const NOTE = 20;

/** A table; its place is kept until what draws it has come. */
export function TableView(props: { readonly table: TableForm; readonly at: Lane }): ReactNode {
  const rows = props.table.handle === null ? props.table.rows.length : props.table.total;
  return (
    <Suspense fallback={<div style={{ height: gridHeight(rows) + NOTE }} />}>
      <DataGrid {...props} />
    </Suspense>
  );
}
