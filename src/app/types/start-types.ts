import declarations from 'virtual:api-types';
import { linkToWorker } from '../../transport/worker-link.ts';
import type { CellTypes } from '../../ui/editor/assist.ts';
import type { SourceCell } from './cell-modules.ts';
import { createCellTypes } from './cell-types.ts';
import TypesWorker from './types.worker.ts?worker';
import type { FromTypes, ToTypes } from './types-messages.ts';

/** The types of a notebook's cells, by a worker of several megabytes, which starts at the first need. */
export function cellTypesOf(cells: () => readonly SourceCell[]): CellTypes {
  return createCellTypes({
    cells,
    declarations: new URL(declarations, document.baseURI).href,
    launch: () => linkToWorker<FromTypes, ToTypes>(new TypesWorker({ name: 'types' })),
  });
}
