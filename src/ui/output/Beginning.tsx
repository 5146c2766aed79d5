import { type ReactNode, useState } from 'react';
import { formatCount } from '../format.ts';

interface Props {
  readonly text: string;
  /** Characters that are drawn unasked. */
  readonly most: number;
  readonly children: (shown: string) => ReactNode;
}

/** The beginning of a text that is too long to be drawn unasked, in whole lines where it can be, and a button for the
 * rest. */
export function Beginning({ text, most, children }: Props): ReactNode {
  const [all, setAll] = useState(false);
  const length = all ? text.length : beginningOf(text, most);
  const left = text.length - length;
  return (
    <>
      {children(left > 0 ? text.slice(0, length) : text)}
      {left > 0 ? (
        <ShowAll
          what={`${formatCount(left)} more characters`}
          onClick={() => {
            setAll(true);
          }}
        />
      ) : null}
    </>
  );
}

export function ShowAll(props: {
  /** What is left out. */
  readonly what: string;
  /** Default: Show all. */
  readonly label?: string;
  readonly onClick: () => void;
}): ReactNode {
  return (
    <p className="output-note show-all">
      {`${props.what} are not shown. `}
      <button type="button" className="link-button" onClick={props.onClick}>
        {props.label ?? 'Show all'}
      </button>
    </p>
  );
}

/** A cut is moved to the end of a line when one is as near as this. */
const LINE_SEARCH = 2000;

export function beginningOf(text: string, most: number): number {
  if (text.length <= most) return text.length;
  const newline = text.lastIndexOf('\n', most);
  const end = newline > Math.max(0, most - LINE_SEARCH) ? newline + 1 : most;
  // Not between the halves of a character.
  return /[\ud800-\udbff]/.test(text.charAt(end - 1)) ? end - 1 : end;
}
