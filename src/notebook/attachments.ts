/** Pictures that lie in Markdown cells, as Jupyter keeps them: `attachments`, by name, each in its MIME types. */
import { edit } from './cell-edits.ts';
import { isJsonObject } from './cells.ts';
import type { Cell, JsonObject } from './document.ts';
import type { ApplyResult, DocumentOperation, SessionData } from './session-types.ts';
import { withSource } from './cell-edits.ts';
import { applied, findCell, refused } from './session-steps.ts';

type AttachPicture = Extract<DocumentOperation, { type: 'attach-picture' }>;

export function attachPicture(data: SessionData, operation: AttachPicture): ApplyResult {
  const cell = findCell(data, operation.id);
  if (!cell) return refused('no-such-cell');
  if (cell.kind !== 'markdown') return refused('wrong-kind');
  const attachments = attachmentsOf(cell);
  const name = freeName(operation.name, operation.mime, attachments);
  const { source } = cell;
  const [start, end] = [operation.start, operation.end].map((at) => Math.max(0, Math.min(at, source.length)));
  const before = source.slice(0, start);
  // Behind a text that stands there it gets lines of its own.
  const gap = operation.start > source.length && before !== '' ? '\n\n' : '';
  const mention = `${gap}![${name}](attachment:${name})`;
  const attached: Cell = {
    ...withSource(cell, before + mention + source.slice(end)),
    foreign: {
      ...cell.foreign,
      attachments: { ...attachments, [name]: { [operation.mime]: operation.data } },
    },
  };
  const cells = data.document.cells.map((each) => (each === cell ? attached : each));
  return applied(edit(data, cells, data.selectedCell, data.selectionAnchor));
}

function attachmentsOf({ foreign }: Cell): JsonObject {
  return isJsonObject(foreign['attachments']) ? foreign['attachments'] : {};
}

/** Browsers call every picture `image.png`. Signs that mean something in Markdown or an address are left out. */
function freeName(wanted: string, mime: string, taken: JsonObject): string {
  const plain = wanted.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(-80);
  const [, stem = 'image', ending = mime.replace(/^image\/|\+.*$/g, '')] =
    /^[.-]*(.+)\.(\w+)$/.exec(plain) ?? [];
  const names = (n: number): string => `${stem}${n === 0 ? '' : `-${String(n)}`}.${ending}`;
  let n = 0;
  while (Object.hasOwn(taken, names(n))) n++;
  return names(n);
}
