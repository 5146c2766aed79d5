import { CaseSensitive, ChevronDown, ChevronUp, Regex, SquareTerminal, WholeWord, X } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import {
  type FindQuery,
  literally,
  type Match,
  matchBehind,
  patternOf,
  replaceMatches,
  tablesIn,
  textsOf,
} from '../../notebook/find.ts';
import type { TablePlace } from '../../notebook/table-text.ts';
import { isHidden } from '../../notebook/document-operations.ts';
import type { CellId } from '../../protocol/ids.ts';
import { useCommands, useNotebook, usePage, useUi } from '../context.ts';
import { formatCount } from '../format.ts';
import { IconButton } from '../shell/IconButton.tsx';
import { createMarks, firstFrom, type Shown } from './marks.ts';
import { useMatches } from './use-matches.ts';
import './find.css';

type Switch = Exclude<keyof FindQuery, 'text'>;

const SWITCHES: readonly { readonly key: Switch; readonly label: string; readonly icon: ReactNode }[] = [
  { key: 'matchCase', label: 'Match case', icon: <CaseSensitive size={16} /> },
  { key: 'wholeWords', label: 'Whole words', icon: <WholeWord size={16} /> },
  { key: 'regexp', label: 'Regular expression', icon: <Regex size={15} /> },
  { key: 'inOutputs', label: 'Outputs too', icon: <SquareTerminal size={15} /> },
];

/** Find over sources and outputs, replace in sources; floats over the notebook's upper right corner. */
export function FindBar(): ReactNode {
  const finding = usePage((page) => page.finding);
  return finding ? <OpenFindBar /> : null;
}

function OpenFindBar(): ReactNode {
  const commands = useCommands();
  const { notebook } = useUi();
  const document = useNotebook((view) => view.session.document);
  const [query, setQuery] = useState<FindQuery>(FIRST_QUERY);
  const [replacement, setReplacement] = useState('');
  const [at, setAt] = useState<Place | null>(null);
  const { matches, endless } = useMatches(document, query);
  const pattern = useMemo(() => (endless ? null : patternOf(query)), [query, endless]);
  const index = placeAmong(matches, at, notebook.getState().numbers);
  const current = matches[index] ?? null;
  const field = useFieldFocus();
  const shown = useShown(matches, pattern, query);
  useMarks(matches, shown, current);
  useRevealed(current);

  const change = (next: Partial<FindQuery>): void => {
    setQuery({ ...query, ...next });
    setAt({ from: notebook.getState().session.selectedCell });
  };
  const go = (by: 1 | -1): void => {
    if (matches.length > 0) setAt({ index: (index + by + matches.length) % matches.length });
  };
  const close = (): void => {
    commands.setFinding(false);
    commands.focusCell(current?.cell ?? notebook.getState().session.selectedCell);
  };
  const replaceOne = (): void => {
    if (current?.part !== 'source') {
      go(1);
      return;
    }
    const [changed] = replaceMatches(document, query, replacement, current);
    const before = notebook.getState().cells.get(current.cell)?.source.length ?? 0;
    const longer = changed ? changed.source.length - before : 0;
    // What has come in its place may match, too.
    setAt({ cell: current.cell, offset: current.end + longer });
    if (changed) commands.replaceSources([changed]);
  };
  const replaceAll = (): void => {
    commands.replaceSources(replaceMatches(document, query, replacement, null));
  };
  const onKeyDown = (event: KeyboardEvent, onEnter: () => void): void => {
    if (event.key === 'Enter' && event.shiftKey) go(-1);
    else if (event.key === 'Enter') onEnter();
    else return;
    event.preventDefault();
  };

  return (
    <search
      className="find-bar"
      aria-label="Find and replace"
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <div className="find-row">
        <input
          className="code-field"
          ref={field}
          aria-label="Find"
          placeholder="Find"
          spellCheck={false}
          value={query.text}
          aria-invalid={typeof pattern === 'string'}
          onChange={(event) => {
            change({ text: event.target.value });
          }}
          onKeyDown={(event) => {
            onKeyDown(event, () => {
              go(1);
            });
          }}
        />
        <Count {...{ pattern, endless, index, matches }} />
        <IconButton
          className="small"
          label="Previous match"
          keys="Shift Enter"
          icon={<ChevronUp size={15} />}
          disabled={matches.length === 0}
          onClick={() => {
            go(-1);
          }}
        />
        <IconButton
          className="small"
          label="Next match"
          keys="Enter"
          icon={<ChevronDown size={15} />}
          disabled={matches.length === 0}
          onClick={() => {
            go(1);
          }}
        />
        <IconButton className="small" label="Close" keys="Esc" icon={<X size={15} />} onClick={close} />
      </div>
      <div className="find-row">
        <input
          className="code-field"
          aria-label="Replace with"
          placeholder="Replace with"
          spellCheck={false}
          value={replacement}
          onChange={(event) => {
            setReplacement(event.target.value);
          }}
          onKeyDown={(event) => {
            onKeyDown(event, replaceOne);
          }}
        />
        <button
          type="button"
          className="text-button outlined"
          disabled={current?.part !== 'source'}
          onClick={replaceOne}
        >
          Replace
        </button>
        <button
          type="button"
          className="text-button outlined"
          disabled={!matches.some(({ part }) => part === 'source')}
          onClick={replaceAll}
        >
          Replace all
        </button>
      </div>
      <div className="find-row find-switches">
        {SWITCHES.map(({ key, label, icon }) => (
          <IconButton
            key={key}
            className="small"
            label={label}
            icon={icon}
            aria-pressed={query[key]}
            onClick={() => {
              change({ [key]: !query[key] });
            }}
          />
        ))}
      </div>
    </search>
  );
}

const FIRST_QUERY: FindQuery = {
  text: '',
  matchCase: false,
  wholeWords: false,
  regexp: false,
  inOutputs: true,
};

/** The match that is the current one: by number, the first from a cell on, or the one behind a place in a source. */
type Place =
  { readonly index: number } | { readonly from: CellId } | { readonly cell: CellId; readonly offset: number };

function placeAmong(
  matches: readonly Match[],
  at: Place | null,
  numbers: ReadonlyMap<CellId, number>,
): number {
  if (matches.length === 0 || at === null) return -1;
  if ('from' in at) return firstFrom(matches, numbers, at.from);
  return 'cell' in at ? matchBehind(matches, numbers, at) : Math.min(at.index, matches.length - 1);
}

function Count(props: {
  readonly endless: boolean;
  readonly pattern: RegExp | string | null;
  readonly index: number;
  readonly matches: readonly Match[];
}): ReactNode {
  const { pattern, endless, index, matches } = props;
  const words = endless
    ? 'This expression takes too long'
    : pattern === null
      ? ''
      : typeof pattern === 'string'
        ? `Not a regular expression: ${pattern}`
        : matches.length === 0
          ? 'No match'
          : `${formatCount(index + 1)} of ${formatCount(matches.length)}`;
  return (
    <span className="find-count numbers" role="status" title={words}>
      {words}
    </span>
  );
}

/** Opened, or asked for again: the field takes the focus, all of its text selected. */
function useFieldFocus(): React.RefObject<HTMLInputElement | null> {
  const field = useRef<HTMLInputElement>(null);
  const asked = usePage((page) => page.findAsked);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, [asked]);
  return field;
}

/**
 * What is looked for on the screen. A regular expression has been through the texts, in a worker that can be ended; the
 * page looks for what it has found there, letter by letter, and so never waits for an expression.
 */
function useShown(
  matches: readonly Match[],
  pattern: RegExp | string | null,
  { regexp, inOutputs }: FindQuery,
): Shown | null {
  const { notebook } = useUi();
  return useMemo(() => {
    if (!(pattern instanceof RegExp)) return null;
    if (!regexp) return () => pattern;
    const texts = new Map(
      textsOf(notebook.getState().session.document, inOutputs).map((one) => [one.id, one]),
    );
    return (cell: CellId, part: Match['part']) =>
      literally(
        matches
          .filter((match) => match.cell === cell && match.part === part)
          .map(({ start, end }) => texts.get(cell)?.[part].slice(start, end) ?? ''),
      );
  }, [matches, pattern, regexp, inOutputs, notebook]);
}

function useMarks(matches: readonly Match[], found: Shown | null, current: Match | null): void {
  const marks = useMemo(() => createMarks(window.document), []);
  const { notebook } = useUi();
  const shown = useRef<Match | null>(null);
  useEffect(() => {
    if (!found) {
      marks.clear();
      return;
    }
    const isNews = current !== null && !isSame(current, shown.current);
    shown.current = current;
    const places = (id: CellId): ((offset: number) => TablePlace | null) => {
      const cell = notebook.getState().cells.get(id);
      return cell ? tablesIn(cell) : () => null;
    };
    marks.show({ matches, current, shown: found, places }, isNews);
  }, [marks, notebook, matches, found, current]);
  useEffect(() => marks.clear, [marks]);
}

function isSame(a: Match, b: Match | null): boolean {
  return b !== null && a.cell === b.cell && a.part === b.part && a.nth === b.nth && a.start === b.start;
}

/** The cell of the current match becomes the selected one, and shows the part that the match is in. */
function useRevealed(current: Match | null): void {
  const commands = useCommands();
  const cell = useNotebook((view) => (current ? view.cells.get(current.cell) : undefined));
  const part = current?.part === 'output' ? 'output' : 'input';
  const id = cell?.id;
  const hidden = cell !== undefined && isHidden(cell, part);
  useEffect(() => {
    if (id === undefined) return;
    commands.selectCell(id);
    if (hidden) commands.setHidden(id, part, false);
  }, [commands, id, part, hidden]);
}
