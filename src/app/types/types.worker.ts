import { typescript } from 'monaco-editor/languages/features/typescript/lib/typescriptServices';
import { linkToOwner } from '../../transport/worker-link.ts';
import { workerScope } from '../../transport/worker-scope.ts';
import { answerTypes } from './answer-types.ts';
import type { FromTypes, ToTypes } from './types-messages.ts';

/** The door of the types worker: Monaco's TypeScript over the cells of the notebook. */
answerTypes(linkToOwner<ToTypes, FromTypes>(workerScope), typescript);
