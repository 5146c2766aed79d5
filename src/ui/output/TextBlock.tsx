import { useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { formatCount } from '../format.ts';
import { AnsiText } from './AnsiText.tsx';

/** Text beyond this is cut from the front until asked for; a page with all of it would stand still. */
const SHOWN = 100_000;

interface Props {
  readonly text: string;
  readonly tone: 'plain' | 'stderr';
}

/** A stretch of text that scrolls in place when it is long, and follows its end until the reader scrolls up. */
export function TextBlock({ text, tone }: Props): ReactNode {
  const [all, setAll] = useState(false);
  const { box, scrolls } = useFollowedEnd(text);
  const hidden = all ? 0 : hiddenPart(text);
  return (
    <pre
      ref={box}
      className={`text-block ${tone}${scrolls ? ' scrolls' : ''}`}
      // A region that scrolls must be reachable by keyboard.
      {...(scrolls ? { tabIndex: 0 } : {})}
    >
      {hidden > 0 ? (
        <button
          type="button"
          className="link-button text-cut"
          onClick={() => {
            setAll(true);
          }}
        >
          {formatCount(hidden)} characters before this are hidden: show all
        </button>
      ) : null}
      <AnsiText text={trimEnd(hidden > 0 ? text.slice(hidden) : text)} />
    </pre>
  );
}

/** How many characters are left out: whole lines, unless one alone is too long. */
function hiddenPart(text: string): number {
  const over = text.length - SHOWN;
  if (over <= 0) return 0;
  const end = text.indexOf('\n', over);
  return end === -1 || end === text.length - 1 ? over : end + 1;
}

/** The line break that ends a stream would only draw an empty line. */
function trimEnd(text: string): string {
  return text.endsWith('\n') ? text.slice(0, -1) : text;
}

/** Lines that the box shows, and characters that stand in a line of a narrow one. */
const LINES = 23;
const NARROW = 36;

/** Whether a text may be too tall for its box. Most are not, and to measure each would lay out the page for each. */
function mayOverflow(text: string): boolean {
  let lines = 0;
  for (const line of text.split('\n', LINES + 1)) lines += Math.max(1, Math.ceil(line.length / NARROW));
  return lines > LINES;
}

function useFollowedEnd(text: string): { box: React.RefObject<HTMLPreElement | null>; scrolls: boolean } {
  const box = useRef<HTMLPreElement>(null);
  const atEnd = useRef(false);
  const [scrolls, setScrolls] = useState(false);
  const isLong = mayOverflow(text);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || !isLong) return;
    // Read before the next growth: was the reader at the end?
    const remember = (): void => {
      atEnd.current =
        element.scrollTop > 0 && element.scrollHeight - element.scrollTop - element.clientHeight < 24;
    };
    element.addEventListener('scroll', remember, { passive: true });
    return () => {
      element.removeEventListener('scroll', remember);
    };
  }, [isLong]);
  const before = useRef(text);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const overflows = isLong && element.scrollHeight > element.clientHeight + 1;
    setScrolls(overflows);
    const grew = text.length > before.current.length && text.startsWith(before.current.slice(0, 64));
    if (grew && overflows && (atEnd.current || !scrolls)) element.scrollTop = element.scrollHeight;
    before.current = text;
  }, [text, scrolls, isLong]);
  return { box, scrolls };
}
