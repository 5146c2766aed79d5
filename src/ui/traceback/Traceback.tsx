import type { ReactNode } from 'react';
import { CellUrl } from '../../protocol/cell-url.ts';
import type { WireError } from '../../protocol/errors.ts';
import { AnsiText } from '../output/AnsiText.tsx';
import { CellLink } from './CellLink.tsx';

/** A place in a traceback's text: `cell 4, line 3:5`, or with the cell's address, `cell-4/a1b2c3d4:3:5`. */
const PLACE = /(?:(cell-\d+\/[A-Za-z0-9_-]{1,64}):|\bcell (\d+), line )(\d+)(?::(\d+))?/gi;

/** A traceback's lines, each place in a cell a link to it. */
export function Traceback({ error }: { readonly error: WireError }): ReactNode {
  const text = error.traceback.join('\n');
  const parts: ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(PLACE)) {
    const url = match[1] ?? urlOfCell(error, Number(match[2]));
    if (url === undefined) continue;
    parts.push(<AnsiText key={end} text={text.slice(end, match.index)} />);
    const place = { url, line: Number(match[3]), column: Number(match[4] ?? 1) };
    parts.push(<CellLink key={`at ${String(match.index)}`} {...place} />);
    end = match.index + match[0].length;
  }
  parts.push(<AnsiText key={end} text={text.slice(end)} />);
  return <pre className="traceback">{parts}</pre>;
}

/** The text has the number that people read; the frames know which cell had it. */
function urlOfCell(error: WireError, number: number): string | undefined {
  const urls = [...error.frames, ...(error.position ? [error.position] : [])].map(({ url }) => url);
  return urls.find((url) => CellUrl.parse(url)?.number === number);
}
