import { type KeyboardEvent, type ReactNode, useState } from 'react';
import type { Entries, Entry, LiveValue, Summary } from '../../protocol/looking.ts';
import type { Lane } from '../../protocol/outputs.ts';
import { useUi } from '../context.ts';
import { formatCount } from '../format.ts';
import { nameOf, SOON } from './looking.ts';
import './value-tree.css';

interface Props {
  readonly value: LiveValue;
  /** Who has the value. */
  readonly at: Lane;
  /** It shows itself opened however much is in it. Default: if there is little. */
  readonly opened?: boolean;
}

/** Entries up to which a value shows itself opened. */
const FEW = 30;

/**
 * A value that opens level by level. The first level has come along; what is deeper is asked for where the value is,
 * when it is opened. A tree to keyboards and screen readers: one stop for Tab, arrows inside.
 */
export function ValueTree({ value, at, opened = false }: Props): ReactNode {
  return (
    <div className="value-tree">
      <ul role="tree" aria-label={`Value: ${value.summary.text}`} onKeyDown={moveWithArrows}>
        <TreeItem
          source={{ at, handle: value.handle }}
          name={null}
          summary={value.summary}
          known={value}
          level={1}
          first
          opened={opened}
        />
      </ul>
    </div>
  );
}

interface Source {
  readonly at: Lane;
  readonly handle: string;
}

interface ItemProps {
  readonly source: Source;
  readonly name: string | null;
  readonly summary: Summary;
  /** What is inside, as far as it has come along. */
  readonly known: Entries | null;
  readonly level: number;
  readonly first: boolean;
  readonly opened?: boolean;
}

type State = 'resting' | 'asked' | 'slow' | 'gone';

function TreeItem({ source, name, summary, known, level, first, opened = false }: ItemProps): ReactNode {
  const [inside, setInside] = useState(known);
  const [open, setOpen] = useState(known !== null && (opened || known.total <= FEW));
  const [state, setState] = useState<State>('resting');
  const { looking } = useUi();
  const { node } = summary;

  const ask = (from: number): void => {
    if (node === null || state === 'asked' || state === 'slow') return;
    setState('asked');
    const slow = setTimeout(() => {
      setState('slow');
    }, SOON);
    void looking.look(source.at, { type: 'entries', handle: source.handle, node, from }).then((answer) => {
      clearTimeout(slow);
      setState(answer.type === 'entries' ? 'resting' : 'gone');
      if (answer.type !== 'entries') return;
      setInside((before) => ({
        total: answer.total,
        entries: [...(before?.entries.slice(0, from) ?? []), ...answer.entries],
      }));
    });
  };
  const toggle = (): void => {
    if (node === null) return;
    setOpen(!open);
    if (!open && inside === null) ask(0);
  };

  return (
    <li
      role="treeitem"
      aria-level={level}
      {...(node === null ? {} : { 'aria-expanded': open })}
      aria-label={name === null ? summary.text : `${name}: ${summary.text}`}
      tabIndex={first ? 0 : -1}
      onClick={(event) => {
        event.stopPropagation();
        // Whoever selects text does not want to open it.
        if (String(getSelection()) === '') toggle();
      }}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget || (event.key !== 'Enter' && event.key !== ' ')) return;
        event.preventDefault();
        event.stopPropagation();
        toggle();
      }}
    >
      <span className={node === null ? 'tree-line' : 'tree-line opens'}>
        {node === null ? null : <span className={open ? 'twist open' : 'twist'} aria-hidden="true" />}
        {name === null ? null : <span className="json-key">{name}: </span>}
        <span className={`value-${summary.kind}`}>{summary.text}</span>
      </span>
      {open ? (
        <Insides
          {...{ source, state, level }}
          entries={inside?.entries ?? []}
          total={inside?.total ?? 0}
          onMore={() => {
            ask(inside?.entries.length ?? 0);
          }}
        />
      ) : null}
    </li>
  );
}

function Insides(props: {
  readonly source: Source;
  readonly entries: readonly Entry[];
  readonly total: number;
  readonly state: State;
  readonly level: number;
  readonly onMore: () => void;
}): ReactNode {
  const { source, entries, total, state, level } = props;
  const more = total - entries.length;
  const who = nameOf(source.at);
  return (
    <ul role="group">
      {entries.map(({ name, value }, i) => (
        <TreeItem
          key={i}
          source={source}
          name={name}
          summary={value}
          known={null}
          level={level + 1}
          first={false}
        />
      ))}
      {state === 'slow' ? <Note>{who} is busy; this opens as soon as it looks up.</Note> : null}
      {state === 'gone' ? (
        <Note>{who} no longer has this value. Run the cell again to look into it; its text is kept.</Note>
      ) : null}
      {more > 0 && state !== 'gone' ? (
        <li role="none">
          <button type="button" className="link-button" onClick={props.onMore}>
            {formatCount(more)} more
          </button>
        </li>
      ) : null}
    </ul>
  );
}

function Note({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <li role="none" className="output-note">
      <span role="status">{children}</span>
    </li>
  );
}

/** Arrows go through the items that are there; right opens, left closes, then goes out. */
function moveWithArrows(event: KeyboardEvent<HTMLElement>): void {
  const item = event.target;
  if (!(item instanceof HTMLElement) || item.role !== 'treeitem') return;
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=treeitem]')];
  const at = items.indexOf(item);
  const expanded = item.getAttribute('aria-expanded');
  let next: HTMLElement | undefined;
  switch (event.key) {
    case 'ArrowDown':
      next = items[at + 1];
      break;
    case 'ArrowUp':
      next = items[at - 1];
      break;
    case 'Home':
      next = items[0];
      break;
    case 'End':
      next = items.at(-1);
      break;
    case 'ArrowRight':
      if (expanded === 'false') item.click();
      else if (expanded === 'true') next = items[at + 1];
      break;
    case 'ArrowLeft':
      if (expanded === 'true') item.click();
      else next = item.parentElement?.closest<HTMLElement>('[role=treeitem]') ?? undefined;
      break;
    default:
      return;
  }
  event.preventDefault();
  event.stopPropagation();
  if (!next) return;
  for (const other of items) other.tabIndex = other === next ? 0 : -1;
  next.focus();
}
