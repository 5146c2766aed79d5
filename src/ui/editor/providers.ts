import type { CellId } from '../../protocol/ids.ts';
import { NO_ASSIST, type Assist, type Problem, type SuggestionText, type ValuesAt } from './assist.ts';
import { LANGUAGE, monaco } from './monaco.ts';
import { suggestionsAt, type Item } from './suggestions.ts';

/**
 * Completion, hover, signatures and problems in Monaco: asks `Assist`, which speaks of cells and offsets, and
 * says it in Monaco's words. A question that fails is answered with nothing: help is never in the way.
 */
let assist: Assist = NO_ASSIST;

export function setAssist(next: Assist): void {
  assist = next;
}

const CELLS = '/cells/';

/** The address of a cell's model. */
export function uriOf(cell: CellId): string {
  return `tutti:${CELLS}${cell}`;
}

function cellOf(model: monaco.editor.ITextModel): CellId {
  return model.uri.path.slice(CELLS.length) as CellId;
}

interface CellItem extends monaco.languages.CompletionItem {
  /** Where to ask for more; absent when there is no more. */
  readonly more?: { readonly cell: CellId; readonly offset: number };
}

monaco.languages.registerCompletionItemProvider(LANGUAGE, {
  triggerCharacters: ['.', '%', '-', '"', "'", '/'],
  async provideCompletionItems(model, position) {
    const cell = cellOf(model);
    const offset = model.getOffsetAt(position);
    const { items, isIncomplete } = await suggestionsAt(assist, cell, model.getValue(), offset);
    const suggestions = items.map((item) => completionItem(item, model, cell, offset));
    return { suggestions, incomplete: isIncomplete };
  },
  async resolveCompletionItem(item: CellItem) {
    const found =
      item.more &&
      (await orNull(assist.types?.describe(item.more.cell, item.more.offset, nameOf(item.label))));
    return found ? { ...item, documentation: { value: markdownOf(found) } } : item;
  },
});

monaco.languages.registerHoverProvider(LANGUAGE, {
  async provideHover(model, position) {
    const offset = model.getOffsetAt(position);
    const [hover, held] = await Promise.all([
      orNull(assist.types?.hover(cellOf(model), offset)),
      orNull(assist.values?.(model.getValue(), offset)),
    ]);
    const place = hover ?? held;
    if (!place) return null;
    const contents = [
      ...(hover ? [{ value: fenced(hover.code) }] : []),
      ...(held ? [{ value: valuesText(held) }] : []),
      ...(hover ? [{ value: hover.text }] : []),
    ];
    return { range: rangeOf(model, place.from, place.to), contents };
  },
});

monaco.languages.registerSignatureHelpProvider(LANGUAGE, {
  signatureHelpTriggerCharacters: ['(', ','],
  signatureHelpRetriggerCharacters: [')'],
  async provideSignatureHelp(model, position) {
    const help = await orNull(assist.types?.signatures(cellOf(model), model.getOffsetAt(position)));
    if (!help) return null;
    const signatures = help.signatures.map(({ label, text, parameters }) => ({
      label,
      documentation: { value: text },
      parameters: parameters.map((one) => ({
        label: [one.from, one.to] as [number, number],
        documentation: { value: one.text },
      })),
    }));
    return {
      value: { signatures, activeSignature: help.active, activeParameter: help.activeParameter },
      dispose: () => undefined,
    };
  },
});

monaco.languages.registerDocumentFormattingEditProvider(LANGUAGE, {
  displayName: 'Prettier',
  async provideDocumentFormattingEdits(model) {
    const before = model.getValue();
    const text = await orNull(assist.format?.(before));
    return text === null || text === before ? [] : [{ range: model.getFullModelRange(), text }];
  },
});

// PROBLEMS

/** Milliseconds without typing, after which the cell is looked at. */
const QUIET = 700;

/** Marks what would not run, and what can hardly be meant, while the cell has an editor. */
export function watchProblems(editor: monaco.editor.IStandaloneCodeEditor): void {
  let timer = 0;
  const look = async (): Promise<void> => {
    const model = editor.getModel();
    const version = model?.getVersionId();
    const found = model && (await orNull(assist.types?.problems(cellOf(model))));
    const problems =
      found && (await Promise.all(found.map(async (one) => ((await isReal(one)) ? [one] : []))));
    if (!problems || model.isDisposed() || model.getVersionId() !== version) return;
    monaco.editor.setModelMarkers(
      model,
      'problems',
      problems.flat().map((problem) => ({
        ...rangeOfProblem(model, problem),
        severity: monaco.MarkerSeverity[problem.severity === 'warning' ? 'Warning' : 'Error'],
        message: problem.message,
      })),
    );
  };
  const later = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void look(), QUIET);
  };
  later();
  editor.onDidChangeModelContent(later);
  const stopListening = assist.onNames?.(later);
  editor.onDidDispose(() => {
    clearTimeout(timer);
    stopListening?.();
  });
}

/** A name that the code does not explain is a problem only where surely nobody has it. */
async function isReal({ unknown }: Problem): Promise<boolean> {
  return unknown === undefined || (await orNull(assist.knows?.(unknown))) === false;
}

function rangeOfProblem(model: monaco.editor.ITextModel, problem: Problem): monaco.IRange {
  const { line, column, endLine, endColumn } = problem;
  if (endLine === undefined || endColumn === undefined) return wordAt(model, line, column);
  return model.validateRange(new monaco.Range(line, column, endLine, endColumn));
}

/** From there to the end of the word; of a place behind the text, the last character. */
function wordAt(model: monaco.editor.ITextModel, line: number, column: number): monaco.IRange {
  const { lineNumber, column: from } = model.validatePosition({ lineNumber: line, column });
  const end = model.getWordAtPosition({ lineNumber, column: from })?.endColumn ?? from + 1;
  const last = model.getLineMaxColumn(lineNumber);
  const start = Math.max(1, Math.min(from, last - 1));
  return new monaco.Range(lineNumber, start, lineNumber, Math.min(Math.max(end, start + 1), last));
}

// IN MONACO'S WORDS

function completionItem(item: Item, model: monaco.editor.ITextModel, cell: CellId, offset: number): CellItem {
  return {
    label: item.detail === null ? item.name : { label: item.name, description: item.detail },
    kind: kindOf(item.kind),
    insertText: item.insertText,
    filterText: item.insertText.startsWith('?.') ? `.${item.name}` : item.insertText,
    sortText: item.sortText,
    range: rangeOf(model, item.from, item.to),
    ...(item.isTyped ? { more: { cell, offset } } : {}),
  };
}

type KindName = keyof typeof monaco.languages.CompletionItemKind;

const KINDS: ReadonlyMap<string, KindName> = new Map<string, KindName>([
  ['method', 'Method'],
  ['function', 'Function'],
  ['local function', 'Function'],
  ['constructor', 'Constructor'],
  ['property', 'Property'],
  ['getter', 'Property'],
  ['setter', 'Property'],
  ['JSX', 'Property'],
  ['index', 'Property'],
  ['class', 'Class'],
  ['local class', 'Class'],
  ['interface', 'Interface'],
  ['type', 'Interface'],
  ['type parameter', 'TypeParameter'],
  ['enum', 'Enum'],
  ['enum member', 'EnumMember'],
  ['module', 'Module'],
  ['alias', 'Module'],
  ['external module name', 'Module'],
  ['const', 'Constant'],
  ['keyword', 'Keyword'],
  ['string', 'Value'],
  ['magic', 'Event'],
  ['flag', 'Property'],
]);

function kindOf(kind: string): monaco.languages.CompletionItemKind {
  return monaco.languages.CompletionItemKind[KINDS.get(kind) ?? 'Variable'];
}

function nameOf(label: monaco.languages.CompletionItem['label']): string {
  return typeof label === 'string' ? label : label.label;
}

function rangeOf(model: monaco.editor.ITextModel, from: number, to: number): monaco.Range {
  return monaco.Range.fromPositions(model.getPositionAt(from), model.getPositionAt(to));
}

function markdownOf({ code, text }: SuggestionText): string {
  return `${fenced(code)}\n\n${text}`;
}

function fenced(code: string): string {
  return `\`\`\`${LANGUAGE}\n${code}\n\`\`\``;
}

/** `e0–e2  [ 1, 2 ]`, a line for each value. */
function valuesText({ values }: ValuesAt): string {
  const width = Math.max(...values.map(({ who }) => who.length));
  const lines = values.map(({ who, text }) => `${who.padEnd(width)}  ${text.replaceAll('`', '\u02cb')}`);
  return `\`\`\`text\n${lines.join('\n')}\n\`\`\``;
}

async function orNull<T>(answer: Promise<T> | undefined): Promise<T | null> {
  try {
    return (await answer) ?? null;
  } catch {
    return null;
  }
}
