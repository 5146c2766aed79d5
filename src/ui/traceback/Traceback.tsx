import { type ReactNode, useMemo } from 'react';
import { asWritten } from '../../notebook/stream-text.ts';
import { CellUrl } from '../../protocol/cell-url.ts';
import type { WireError } from '../../protocol/errors.ts';
import { AnsiText } from '../output/AnsiText.tsx';
import { Beginning } from '../output/Beginning.tsx';
import { CellLink } from './CellLink.tsx';

/** A place in a traceback's text: `cell 4, line 3:5`, or with the cell's address, `cell-4/a1b2c3d4:3:5`. */
const PLACE = /(?:(cell-\d+\/[A-Za-z0-9_-]{1,64}):|\bcell (\d+), line )(\d+)(?::(\d+))?/gi;

/** Characters of a traceback that are drawn unasked, and places in it that are links. */
const MOST = 50_000;
const MOST_LINKS = 500;

/** A traceback's lines, each place in a cell a link to it. */
export function Traceback({ error }: { readonly error: WireError }): ReactNode {
  const urls = useMemo(() => urlsByNumber(error), [error]);
  const text = useMemo(() => asWritten(error.traceback.join('\n')), [error]);
  return (
    <Beginning text={text} most={MOST}>
      {(shown) => <pre className="traceback">{withLinks(shown, urls)}</pre>}
    </Beginning>
  );
}

function withLinks(text: string, urls: ReadonlyMap<number, string>): readonly ReactNode[] {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(PLACE)) {
    const url = match[1] ?? urls.get(Number(match[2]));
    if (url === undefined) continue;
    if (parts.length >= 2 * MOST_LINKS) break;
    parts.push(<AnsiText key={end} text={text.slice(end, match.index)} />);
    const place = { url, line: Number(match[3]), column: Number(match[4] ?? 1) };
    parts.push(<CellLink key={`at ${String(match.index)}`} {...place} />);
    end = match.index + match[0].length;
  }
  parts.push(<AnsiText key={end} text={text.slice(end)} />);
  return parts;
}

/** The text has the number that people read; the frames know which cell had it. */
function urlsByNumber(error: WireError): ReadonlyMap<number, string> {
  const urls = new Map<number, string>();
  for (const { url } of [...error.frames, ...(error.position ? [error.position] : [])]) {
    const number = CellUrl.parse(url)?.number;
    if (number !== undefined && !urls.has(number)) urls.set(number, url);
  }
  return urls;
}
