/** How keys are written in tooltips and in the key help. */
const MAC = /Mac|iPhone|iPad/.test(navigator.userAgent);

export const KEYS = {
  runNext: 'Shift Enter',
  runStay: MAC ? '⌘ Enter' : 'Ctrl Enter',
  runInsert: MAC ? '⌥ Enter' : 'Alt Enter',
  interrupt: 'I I',
  restartKernel: '0 0',
  insertAbove: 'A',
  insertBelow: 'B',
  delete: 'D D',
  undoDelete: 'Z',
  toMarkdown: 'M',
  toCode: 'Y',
  toRaw: 'R',
  moveUp: MAC ? '⌃ ⇧ ↑' : 'Ctrl Shift ↑',
  moveDown: MAC ? '⌃ ⇧ ↓' : 'Ctrl Shift ↓',
  complete: 'Ctrl Space',
  describe: 'Shift Tab',
  edit: 'Enter',
  leave: 'Esc',
  previous: 'K or ↑',
  next: 'J or ↓',
  enginePanel: 'Shift T',
  help: 'H',
} as const;

/** The page of keys, in the order in which one learns them. */
export const KEY_HELP: readonly {
  readonly title: string;
  readonly rows: readonly (readonly [string, string])[];
}[] = [
  {
    title: 'Everywhere',
    rows: [
      [KEYS.runNext, 'Run the cell, go to the next'],
      [KEYS.runStay, 'Run the cell, stay'],
      [KEYS.runInsert, 'Run the cell, insert one below'],
      [KEYS.leave, 'Leave the editor (command mode)'],
    ],
  },
  {
    title: 'While typing',
    rows: [
      [KEYS.complete, 'What could stand here'],
      ['Tab or Enter', 'Take it'],
      [KEYS.describe, 'What this is; the arguments of a call'],
    ],
  },
  {
    title: 'Command mode',
    rows: [
      [KEYS.edit, 'Edit the cell'],
      [KEYS.previous, 'Cell above'],
      [KEYS.next, 'Cell below'],
      [KEYS.insertAbove, 'Insert a cell above'],
      [KEYS.insertBelow, 'Insert a cell below'],
      [KEYS.delete, 'Delete the cell'],
      [KEYS.undoDelete, 'Bring the deleted cell back'],
      [`${KEYS.toCode}, ${KEYS.toMarkdown}, ${KEYS.toRaw}`, 'Make it code, Markdown, raw text'],
      [KEYS.moveUp, 'Move the cell up'],
      [KEYS.moveDown, 'Move the cell down'],
      [KEYS.interrupt, 'Interrupt what runs'],
      [KEYS.restartKernel, 'Restart the kernel'],
      [KEYS.enginePanel, 'Show or hide the engines'],
      [KEYS.help, 'This page'],
    ],
  },
];
