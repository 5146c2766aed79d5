import { type ReactNode, useCallback, useRef, useState } from 'react';
import type { MarkupBounds } from '../../notebook/markup-scan.ts';
import { ShowAll } from './Beginning.tsx';
import type { Sanitized } from './markup.ts';
import { useNotebookLinks } from './notebook-links.ts';
import { useDrawing } from './use-drawing.ts';
import { formatCount } from '../format.ts';

interface Props {
  /** Makes the nodes; another function is another drawing. `bounds` undefined: what is drawn unasked. */
  readonly render: (bounds: MarkupBounds | undefined) => Sanitized;
  /** What is drawn when the reader asks for all. */
  readonly wide: MarkupBounds;
  readonly className: string;
  /** Puts the nodes into the host; default: as its children. */
  readonly put?: (host: HTMLElement, drawn: Sanitized) => void;
  /** What stands there when nothing is left of it to see. */
  readonly instead?: ReactNode;
  /** Of a picture: what it shows. */
  readonly label?: string | null;
}

/** Sanitised markup in the page: drawn in its time, in its bounds, with links that lead into the notebook. */
export function Drawn({
  render,
  wide,
  className,
  put = putChildren,
  instead,
  label = null,
}: Props): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const [all, setAll] = useState(false);
  const [told, setTold] = useState(NOTHING_TOLD);
  const followLink = useNotebookLinks();
  const draw = useCallback(() => {
    const drawn = render(all ? wide : undefined);
    const { leftOut, formulasLeft, nothingLeft, ownColours, elements } = drawn;
    if (host.current) put(host.current, drawn);
    setTold((before) =>
      before.leftOut === leftOut &&
      before.formulasLeft === formulasLeft &&
      before.nothingLeft === nothingLeft &&
      before.ownColours === ownColours
        ? before
        : { leftOut, formulasLeft, nothingLeft, ownColours },
    );
    return elements;
  }, [render, wide, all, put]);
  useDrawing(draw);
  return (
    <>
      <div
        ref={host}
        className={told.ownColours ? `${className} own-colours` : className}
        hidden={told.nothingLeft}
        onClick={followLink}
        onAuxClick={followLink}
        {...(label === null ? {} : { role: 'img', 'aria-label': label })}
      />
      {told.nothingLeft ? (
        <>
          {instead}
          <p className="output-note">This output needs scripts.</p>
        </>
      ) : null}
      {told.leftOut + told.formulasLeft > 0 && !all ? (
        <ShowAll
          what={leftOf(told)}
          onClick={() => {
            setAll(true);
          }}
        />
      ) : null}
      {told.leftOut + told.formulasLeft > 0 && all ? (
        <p className="output-note">
          {leftOf(told)} are too much to show here. Copy or download the output to see them.
        </p>
      ) : null}
    </>
  );
}

const NOTHING_TOLD = { leftOut: 0, formulasLeft: 0, nothingLeft: false, ownColours: false };

function leftOf({ leftOut, formulasLeft }: typeof NOTHING_TOLD): string {
  return [
    ...(leftOut > 0 ? [`${formatCount(leftOut)} more characters`] : []),
    ...(formulasLeft > 0 ? [`${formatCount(formulasLeft)} more formulas`] : []),
  ].join(' and ');
}

function putChildren(host: HTMLElement, { content }: Sanitized): void {
  host.replaceChildren(content);
}
