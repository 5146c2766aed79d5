import { memo, useMemo, type ReactNode } from 'react';
import { lookOf } from './ansi-look.ts';
import { parseAnsi, PLAIN } from './ansi.ts';
import './ansi.css';

/** Text as a terminal would show it; always as text, never as markup. */
export const AnsiText = memo(function AnsiText({ text }: { readonly text: string }): ReactNode {
  const runs = useMemo(() => parseAnsi(text), [text]);
  return runs.map((run, i) =>
    run.style === PLAIN ? (
      run.text
    ) : (
      <span key={i} {...lookOf(run.style)}>
        {run.text}
      </span>
    ),
  );
});
