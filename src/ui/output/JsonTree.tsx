import { type ReactNode, useMemo, useState } from 'react';
import { plural } from '../format.ts';
import { Beginning } from './Beginning.tsx';
import { jsonText } from './bundle.ts';

/** JSON that opens level by level. */
export function JsonTree({ value }: { readonly value: unknown }): ReactNode {
  return (
    <div className="json-tree">
      <Node name={null} value={value} open />
    </div>
  );
}

/** Characters of a text or a name that are drawn unasked. */
const MOST_TEXT = 5000;
const MOST_NAME = 200;

function Leaf({ value }: { readonly value: unknown }): ReactNode {
  const text = value === undefined ? 'undefined' : jsonText(value);
  return (
    <Beginning text={text} most={MOST_TEXT}>
      {(shown) => shown}
    </Beginning>
  );
}

function keyOf(name: string | null): ReactNode {
  if (name === null) return null;
  const short = name.length > MOST_NAME ? `${name.slice(0, MOST_NAME)}…` : name;
  return <span className="json-key">{short}: </span>;
}

/** Entries shown at a time: a list of a million is opened in steps. */
const STEP = 100;

function Node(props: {
  readonly name: string | null;
  readonly value: unknown;
  readonly open: boolean;
}): ReactNode {
  const { name, value } = props;
  if (typeof value !== 'object' || value === null) {
    return (
      <div className="json-leaf">
        {keyOf(name)}
        <span className={`json-${value === null ? 'null' : typeof value}`}>
          <Leaf value={value} />
        </span>
      </div>
    );
  }
  return <Branch {...props} value={value} />;
}

function Branch(props: Omit<Parameters<typeof Node>[0], 'value'> & { readonly value: object }): ReactNode {
  const { name, value } = props;
  const [open, setOpen] = useState(props.open);
  const [count, setCount] = useState(STEP);
  const entries = useMemo(() => Object.entries(value as Readonly<Record<string, unknown>>), [value]);
  const key = keyOf(name);
  return (
    <details
      open={open}
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
      }}
    >
      <summary>
        {key}
        <span className="json-size">
          {Array.isArray(value)
            ? `[${plural(entries.length, 'item')}]`
            : `{${plural(entries.length, 'key')}}`}
        </span>
      </summary>
      {open ? (
        <div className="json-children">
          {entries.slice(0, count).map(([childName, child]) => (
            <Node key={childName} name={childName} value={child} open={false} />
          ))}
          {entries.length > count ? (
            <button
              type="button"
              className="link-button"
              onClick={() => {
                setCount(count + STEP * 10);
              }}
            >
              {plural(entries.length - count, 'more entry').replace('entrys', 'entries')}
            </button>
          ) : null}
        </div>
      ) : null}
    </details>
  );
}
