import { memo, type ReactNode } from 'react';
import type { Language } from '../../protocol/client-messages.ts';
import { tokenizeText } from './tokenize.ts';
import type { Token } from './tokens.ts';
import './code-text.css';

interface Props {
  readonly text: string;
  /** What stands behind `%px`. */
  readonly px: Language;
}

/** Code as coloured text: what a cell shows until an editor is needed. */
export const CodeText = memo(function CodeText({ text, px }: Props): ReactNode {
  return tokenizeText(text, px).map(({ line, tokens }, i) => (
    // A line has no identity but its number.
    <span key={i}>
      {i > 0 ? '\n' : ''}
      {tokens.map((token) => colouredPart(line, token))}
    </span>
  ));
});

function colouredPart(line: string, token: Token): ReactNode {
  const part = line.slice(token.start, token.end);
  return token.type === 'plain' ? (
    part
  ) : (
    <span key={token.start} className={`token-${token.type}`}>
      {part}
    </span>
  );
}
