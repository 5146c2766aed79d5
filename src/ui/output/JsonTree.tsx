import { type ReactNode, useState } from 'react';
import { plural } from '../format.ts';

/** JSON that opens level by level. */
export function JsonTree({ value }: { readonly value: unknown }): ReactNode {
  return (
    <div className="json-tree">
      <Node name={null} value={value} open />
    </div>
  );
}

/** Entries shown at a time: a list of a million is opened in steps. */
const STEP = 100;

function Node(props: {
  readonly name: string | null;
  readonly value: unknown;
  readonly open: boolean;
}): ReactNode {
  const { name, value } = props;
  const [open, setOpen] = useState(props.open);
  const [count, setCount] = useState(STEP);
  const key = name === null ? null : <span className="json-key">{name}: </span>;
  if (typeof value !== 'object' || value === null) {
    return (
      <div className="json-leaf">
        {key}
        <span className={`json-${value === null ? 'null' : typeof value}`}>
          {value === undefined ? 'undefined' : JSON.stringify(value)}
        </span>
      </div>
    );
  }
  const entries = Object.entries(value as Readonly<Record<string, unknown>>);
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
