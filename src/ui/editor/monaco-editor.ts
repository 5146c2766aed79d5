import type { CellId } from '../../protocol/ids.ts';
import type { Assist } from './assist.ts';
import { type Place, placeAt } from './caret.ts';
import { applyTheme, LANGUAGE, monaco } from './monaco.ts';

export { setPxLanguage } from './monaco.ts';
import { setAssist, uriOf, watchProblems } from './providers.ts';
import { floatingLayer, showsHelp } from './floating.ts';

/** One live Monaco in a cell's box. */
export interface LiveEditor {
  focus(caret: Place | null): void;
  setLabel(label: string): void;
  /** Takes over a change from elsewhere. */
  setValue(text: string): void;
  /** Offsets in the source. */
  caret(): { readonly start: number; readonly end: number };
  /** Something of Monaco's own (a list, find, several carets) wants the Escape key first. */
  wantsEscape(): boolean;
  layout(): void;
  dispose(): void;
}

interface Options {
  readonly host: HTMLElement;
  readonly cell: CellId;
  readonly value: string;
  readonly label: string;
  readonly assist: Assist;
  /** Offsets, as the textarea had them. */
  readonly selection: readonly [number, number];
  readonly onChange: (text: string) => void;
  readonly onFocus: () => void;
  readonly onBlur: () => void;
  /** The caret moved: its box, in the window's coordinates. */
  readonly onCaret: (top: number, bottom: number) => void;
}

let themed = false;

export function openLiveEditor(options: Options): LiveEditor {
  if (!themed) watchTheme();
  themed = true;
  setAssist(options.assist);
  const model = modelFor(options.cell, options.value);
  const layer = floatingLayer();
  const editor = monaco.editor.create(options.host, {
    ...SETTINGS,
    model,
    ariaLabel: options.label,
    overflowWidgetsDomNode: layer,
  });
  const layout = (): void => {
    fit(editor, options.host);
  };
  layout();
  editor.setSelection(rangeOf(options.value, options.selection));
  editor.onDidContentSizeChange(layout);
  editor.onDidChangeModelContent(() => {
    options.onChange(model.getValue());
  });
  editor.onDidFocusEditorText(options.onFocus);
  editor.onDidBlurEditorWidget(options.onBlur);
  followCaret(editor, options);
  heedForeignSelection(editor, options.host);
  insertWholeTexts(editor, options.host);
  watchProblems(editor);
  askWithShiftTab(editor);
  formatWithKey(editor);
  warmUp(options.assist);
  return {
    focus(caret) {
      editor.focus();
      if (caret) {
        editor.setPosition({ lineNumber: caret.line, column: caret.column });
        editor.revealPosition({ lineNumber: caret.line, column: caret.column });
      }
    },
    setLabel: (label) => {
      editor.updateOptions({ ariaLabel: label });
    },
    setValue: (text) => {
      if (model.getValue() !== text) model.setValue(text);
    },
    caret: () => {
      const selection = editor.getSelection() ?? new monaco.Selection(1, 1, 1, 1);
      return {
        start: model.getOffsetAt(selection.getStartPosition()),
        end: model.getOffsetAt(selection.getEndPosition()),
      };
    },
    wantsEscape: () =>
      (editor.getSelections()?.length ?? 0) > 1 || findIsOpen(options.host) || showsHelp(layer),
    layout,
    dispose: () => {
      editor.dispose();
      layer.remove();
    },
  };
}

/** The undo history of a cell lives in its model, so models outlive editors. */
export function disposeModel(cell: CellId): void {
  monaco.editor.getModel(monaco.Uri.parse(uriOf(cell)))?.dispose();
}

const SETTINGS: monaco.editor.IStandaloneEditorConstructionOptions = {
  language: LANGUAGE,
  theme: 'tutti',
  // A real textarea: what assistive technology, tests and browser extensions know how to fill in.
  editContext: false,
  fontFamily: "'JetBrains Mono Variable', ui-monospace, 'DejaVu Sans Mono', monospace",
  fontSize: 13,
  lineHeight: 20,
  padding: { top: 10, bottom: 10 },
  lineNumbers: 'off',
  glyphMargin: false,
  folding: false,
  lineDecorationsWidth: 14,
  minimap: { enabled: false },
  overviewRulerLanes: 0,
  overviewRulerBorder: false,
  hideCursorInOverviewRuler: true,
  renderLineHighlight: 'none',
  renderWhitespace: 'none',
  guides: { indentation: false },
  // All brackets have the colour of text: nothing to count at each key.
  bracketPairColorization: { enabled: false },
  occurrencesHighlight: 'off',
  scrollBeyondLastLine: false,
  scrollBeyondLastColumn: 2,
  automaticLayout: false,
  fixedOverflowWidgets: true,
  wordWrap: 'off',
  tabSize: 2,
  // As JupyterLab has it: what is typed is what stands there.
  autoClosingBrackets: 'never',
  autoClosingQuotes: 'never',
  stickyScroll: { enabled: false },
  contextmenu: false,
  links: false,
  unicodeHighlight: { ambiguousCharacters: false },
  wordBasedSuggestions: 'off',
  // Enter stays a line break behind a word that is complete.
  acceptSuggestionOnEnter: 'smart',
  acceptSuggestionOnCommitCharacter: false,
  suggest: { showIcons: true, showWords: false },
  // The list comes when typing pauses. Drawn anew at each key it costs as much as the key itself, and whoever types on
  // does not read it.
  quickSuggestionsDelay: 120,
  suggestFontSize: 12,
  suggestLineHeight: 22,
  parameterHints: { cycle: true },
  scrollbar: {
    vertical: 'hidden',
    horizontal: 'auto',
    horizontalScrollbarSize: 8,
    useShadows: false,
    alwaysConsumeMouseWheel: false,
    ignoreHorizontalScrollbarInContentHeight: true,
  },
};

function modelFor(cell: CellId, value: string): monaco.editor.ITextModel {
  const address = monaco.Uri.parse(uriOf(cell));
  const model = monaco.editor.getModel(address);
  if (!model) return monaco.editor.createModel(value, LANGUAGE, address);
  if (model.getValue() !== value) {
    // Typed while another editor had the cell: one step in the same history.
    model.pushEditOperations([], [{ range: model.getFullModelRange(), text: value }], () => null);
  }
  return model;
}

function fit(editor: monaco.editor.IStandaloneCodeEditor, host: HTMLElement): void {
  const height = editor.getContentHeight();
  host.style.height = `${String(height)}px`;
  editor.layout({ width: host.clientWidth, height });
}

function rangeOf(text: string, [start, end]: readonly [number, number]): monaco.Selection {
  const from = placeAt(text, start);
  const to = placeAt(text, end);
  return new monaco.Selection(from.line, from.column, to.line, to.column);
}

/**
 * Tells where the caret is, once in a frame and after all else that the frame changes. Asking at every step of the
 * caret made the browser lay out the whole notebook in the middle of each key.
 */
function followCaret(
  editor: monaco.editor.IStandaloneCodeEditor,
  { host, onCaret }: Pick<Options, 'host' | 'onCaret'>,
): void {
  let frame = 0;
  editor.onDidChangeCursorPosition(() => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      const line = editor.getPosition()?.lineNumber ?? 1;
      const top = host.getBoundingClientRect().top + editor.getTopForLineNumber(line) - editor.getScrollTop();
      onCaret(top, top + editor.getOption(monaco.editor.EditorOption.lineHeight));
    });
  });
  editor.onDidDispose(() => {
    cancelAnimationFrame(frame);
  });
}

/** Jupyter's key for help at the caret; at the start of a line, and over a selection, it unindents. */
function askWithShiftTab(editor: monaco.editor.IStandaloneCodeEditor): void {
  editor.addAction({
    id: 'tutti.help',
    label: 'Show what this is',
    keybindings: [monaco.KeyMod.Shift | monaco.KeyCode.Tab],
    precondition: 'editorTextFocus && !suggestWidgetVisible && !editorHasSelection',
    run: (target) => {
      const position = target.getPosition();
      const model = target.getModel();
      if (!position || !model) return;
      const before = model.getLineContent(position.lineNumber).slice(0, position.column - 1);
      if (before.trim() === '') target.trigger('keyboard', 'outdent', null);
      else if (model.getWordAtPosition(position)) target.trigger('keyboard', 'editor.action.showHover', {});
      else target.trigger('keyboard', 'editor.action.triggerParameterHints', {});
    },
  });
}

/** One key on all systems; Monaco has another one for each. */
function formatWithKey(editor: monaco.editor.IStandaloneCodeEditor): void {
  editor.addAction({
    id: 'tutti.format',
    label: 'Format the cell',
    keybindings: [monaco.KeyMod.Shift | monaco.KeyMod.Alt | monaco.KeyCode.KeyF],
    run: (target) => target.getAction('editor.action.formatDocument')?.run(),
  });
}

/** The type checker is big: it comes when the page has nothing better to do. */
function warmUp({ types }: Assist): void {
  if (!types) return;
  const warm = (): void => {
    types.warm();
  };
  if ('requestIdleCallback' in window) requestIdleCallback(warm, { timeout: 4000 });
  else setTimeout(warm, 1500);
}

function findIsOpen(host: HTMLElement): boolean {
  return host.querySelector('.find-widget.visible') !== null;
}

/**
 * Dictation, form fillers and tests select all of a textarea and put a text in. Monaco's textarea holds a part
 * of the cell only, so Monaco would take "all" for that part. Here all of it means all of the cell.
 */
function heedForeignSelection(editor: monaco.editor.IStandaloneCodeEditor, host: HTMLElement): void {
  const isAll = (): boolean => {
    const area = document.activeElement;
    if (!(area instanceof HTMLTextAreaElement) || !area.classList.contains('inputarea')) return false;
    if (!host.contains(area) || area.value === '') return false;
    return area.selectionStart === 0 && area.selectionEnd === area.value.length;
  };
  const selectAll = (): boolean => {
    const all = editor.getModel()?.getFullModelRange();
    if (!all || editor.getSelection()?.equalsRange(all)) return false;
    editor.setSelection(all);
    editor.render(true);
    return true;
  };
  // Selected before it had the focus: Monaco's own handler, which comes next, writes the old selection back.
  host.addEventListener(
    'focus',
    () => {
      if (isAll()) queueMicrotask(selectAll);
    },
    { capture: true },
  );
  const onSelection = (event: Event): void => {
    // Before Monaco draws its own conclusion.
    if (isAll() && selectAll()) event.stopImmediatePropagation();
  };
  document.addEventListener('selectionchange', onSelection, { capture: true });
  editor.onDidDispose(() => {
    document.removeEventListener('selectionchange', onSelection, { capture: true });
  });
}

/** A text that arrives in one piece (dictation, a form filler, a test) is meant as it is: no brackets closed,
 * no lines indented, as keystrokes would have it. */
function insertWholeTexts(editor: monaco.editor.IStandaloneCodeEditor, host: HTMLElement): void {
  host.addEventListener(
    'beforeinput',
    (event) => {
      const { data, inputType, isComposing } = event;
      if (inputType !== 'insertText' || isComposing || data === null || data.length < 2) return;
      if (!(event.target instanceof Element) || !event.target.classList.contains('inputarea')) return;
      event.preventDefault();
      editor.trigger('input', 'paste', { text: data });
      // Now, not with the next frame: who fills in once may fill in again at once.
      editor.render(true);
    },
    { capture: true },
  );
}

/** Themes follow the system and the reader's choice; glyph widths are measured anew once the font is there. */
function watchTheme(): void {
  applyTheme();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', applyTheme);
  new MutationObserver(applyTheme).observe(document.documentElement, {
    attributeFilter: ['data-theme', 'data-contrast'],
  });
  void document.fonts.load("13px 'JetBrains Mono Variable'").then(() => {
    monaco.editor.remeasureFonts();
  });
}
