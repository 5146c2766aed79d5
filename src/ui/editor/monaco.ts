import * as monaco from 'monaco-editor/editor';
// `features/suggest/register` brings the list of inline completions only.
import 'monaco-editor/editor/contrib/suggest/browser/suggestController';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import 'monaco-editor/features/bracketMatching/register';
import 'monaco-editor/features/caretOperations/register';
import 'monaco-editor/features/clipboard/register';
import 'monaco-editor/features/codicon/register';
import 'monaco-editor/features/comment/register';
import 'monaco-editor/features/cursorUndo/register';
import 'monaco-editor/features/find/register';
import 'monaco-editor/features/format/register';
import 'monaco-editor/features/hover/register';
import 'monaco-editor/features/indentation/register';
import 'monaco-editor/features/linesOperations/register';
import 'monaco-editor/features/multicursor/register';
import 'monaco-editor/features/parameterHints/register';
import 'monaco-editor/features/smartSelect/register';
import 'monaco-editor/features/tokenization/register';
import 'monaco-editor/features/wordHighlighter/register';
import 'monaco-editor/features/wordOperations/register';
import 'monaco-editor/features/wordPartOperations/register';
import type { Language } from '../../protocol/client-messages.ts';
import { type LineState, sameState, startOf, tokenizeLine } from './tokenize.ts';
import type { TokenType } from './tokens.ts';

/**
 * Monaco as this notebook uses it: its engine and a choice of features, with our own colours. Loaded by a
 * dynamic import, once the page stands and somebody means to edit.
 */
export { monaco };

export const LANGUAGE = 'tutti-typescript';

self.MonacoEnvironment = { getWorker: () => new EditorWorker() };

class CarriedState implements monaco.languages.IState {
  readonly state: LineState;
  constructor(state: LineState) {
    this.state = state;
  }
  clone(): this {
    return this;
  }
  equals(other: monaco.languages.IState): boolean {
    return other instanceof CarriedState && sameState(this.state, other.state);
  }
}

monaco.languages.register({ id: LANGUAGE });
let pxLanguage: Language | null = null;

/** What `%px` without targets is code of: all editors are coloured anew when that changes. */
export function setPxLanguage(px: Language): void {
  if (px === pxLanguage) return;
  pxLanguage = px;
  const start = startOf(px);
  monaco.languages.setTokensProvider(LANGUAGE, {
    getInitialState: () => new CarriedState(start),
    tokenize(line, before) {
      const { tokens, state } = tokenizeLine(line, before instanceof CarriedState ? before.state : start);
      return {
        tokens: tokens.map((token) => ({ startIndex: token.start, scopes: token.type })),
        endState: new CarriedState(state),
      };
    },
  });
}
setPxLanguage('javascript');
monaco.languages.setLanguageConfiguration(LANGUAGE, {
  comments: { lineComment: '//', blockComment: ['/*', '*/'] },
  brackets: [
    ['{', '}'],
    ['[', ']'],
    ['(', ')'],
  ],
  surroundingPairs: ['{}', '[]', '()', '""', "''", '``'].map(([open = '', close = '']) => ({ open, close })),
  wordPattern: /(-?\d*\.\d\w*)|([^`~!@#%^&*()\-=+[{\]}\\|;:'",.<>/?\s]+)/,
  indentationRules: { increaseIndentPattern: /[{([][^)\]}]*$/, decreaseIndentPattern: /^\s*[)\]}]/ },
  onEnterRules: [
    {
      beforeText: /^\s*\/\*\*(?!\/)([^*]|\*(?!\/))*$/,
      action: { indentAction: monaco.languages.IndentAction.None, appendText: ' * ' },
    },
  ],
});

const COLOURED: readonly TokenType[] = [
  'comment',
  'string',
  'regexp',
  'number',
  'keyword',
  'constant',
  'type',
  'function',
  'magic',
];

/** Takes the colours in force out of the page's tokens, and puts them on all editors. */
export function applyTheme(): void {
  const colour = colourReader();
  const dark = matchesDark();
  const high = document.documentElement.dataset['contrast'] === 'more';
  const text = `#${colour('--text')}`;
  monaco.editor.defineTheme('tutti', {
    base: high ? (dark ? 'hc-black' : 'hc-light') : dark ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [
      { token: '', foreground: colour('--text') },
      ...COLOURED.map((type) => ({
        token: type,
        foreground: colour(`--code-${type === 'regexp' ? 'string' : type}`),
        ...(type === 'comment' ? { fontStyle: 'italic' } : {}),
      })),
    ],
    colors: {
      'editor.background': '#00000000',
      'editor.foreground': text,
      'editorCursor.foreground': `#${colour('--accent')}`,
      'editor.selectionBackground': `#${colour('--accent')}${high ? '' : '38'}`,
      ...(high ? { 'editor.selectionForeground': `#${colour('--accent-ink')}` } : {}),
      'editor.inactiveSelectionBackground': `#${colour('--accent')}20`,
      'editor.lineHighlightBackground': '#00000000',
      'editor.lineHighlightBorder': '#00000000',
      // Brackets keep the colour of text, as they have it in a cell at rest.
      ...Object.fromEntries(
        [1, 2, 3, 4, 5, 6].map((n) => [`editorBracketHighlight.foreground${String(n)}`, text]),
      ),
      'editorBracketHighlight.unexpectedBracket.foreground': text,
      'editorBracketMatch.background': `#${colour('--accent')}24`,
      'editorBracketMatch.border': '#00000000',
      'editorWidget.background': `#${colour('--surface-raised')}`,
      'editorWidget.border': `#${colour('--hairline-strong')}`,
      'editorWidget.foreground': text,
      'editorSuggestWidget.selectedBackground': `#${colour('--accent')}2e`,
      'editorSuggestWidget.selectedForeground': text,
      'editorSuggestWidget.highlightForeground': `#${colour('--accent')}`,
      'editorSuggestWidget.focusHighlightForeground': `#${colour('--accent')}`,
      'editorHoverWidget.background': `#${colour('--surface-raised')}`,
      'editorHoverWidget.highlightForeground': `#${colour('--accent')}`,
      'editorHoverWidget.border': `#${colour('--hairline-strong')}`,
      focusBorder: `#${colour('--accent')}`,
      'editorError.foreground': `#${colour('--bad')}`,
      'editorWarning.foreground': `#${colour('--warn')}`,
      'scrollbarSlider.background': `#${colour('--grey-5')}66`,
      'scrollbarSlider.hoverBackground': `#${colour('--grey-5')}aa`,
    },
  });
  monaco.editor.setTheme('tutti');
}

function matchesDark(): boolean {
  const chosen = document.documentElement.dataset['theme'];
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

/** Resolves a custom property to six hex digits: the browser works out `light-dark()` for us. */
function colourReader(): (token: string) => string {
  const probe = document.createElement('span');
  const context = document.createElement('canvas').getContext('2d');
  return (token) => {
    probe.style.color = `var(${token})`;
    document.body.append(probe);
    const value = getComputedStyle(probe).color;
    probe.remove();
    if (!context) return '000000';
    context.fillStyle = value;
    return context.fillStyle.slice(1);
  };
}
