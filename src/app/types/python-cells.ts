import type { Language } from '../../protocol/client-messages.ts';
import { pxLanguage } from '../../protocol/px-language.ts';

/** The text as the types see it: code for Python engines is blank, and everything else stands where it stood. */
export function withoutPython(source: string, usual: Language): string {
  if (!source.includes('%')) return source;
  let below = false;
  return source
    .split('\n')
    .map((line) => {
      if (below) return line.replace(/\S/g, ' ');
      if (pxLanguage(line, usual) !== 'python') return line;
      below = line.trimStart().startsWith('%%');
      return below
        ? line
        : line.replace(/(%px\w*)(.*)/, (_, magic: string, rest: string) => magic + rest.replace(/\S/g, ' '));
    })
    .join('\n');
}
