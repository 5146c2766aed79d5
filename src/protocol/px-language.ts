import type { EngineState, Language } from './client-messages.ts';

/** A value of a flag, as a part of regular expressions: blanks may stand in quotes and brackets, as in `[0, 2]`. */
export const FLAG_VALUE = String.raw`(?:"[^"\n]*"|'[^'\n]*'|\[[^\]\n]*\]|[^\s"'[\]])+`;

const PX_LINE =
  /^\s*(?:(?:const|let|var)\s+)?(?:[\p{ID_Start}$_][\p{ID_Continue}$]*\s*=\s*)?%%?px(?!result|config)\w*(?=\s|$)/u;

/** For which engines the code of a `%px` or `%%px` line is. `usual`: what it means without targets. Null: no such line. */
export function pxLanguage(line: string, usual: Language): Language | null {
  if (!PX_LINE.test(line)) return null;
  const targets = /\s(?:--targets|-t)(?:=|\s+)(\S+)/.exec(line)?.[1];
  return targets === 'python' || targets === 'javascript' ? targets : usual;
}

/** What `%px` means on these engines when it names none. */
export function usualLanguage(engines: readonly EngineState[]): Language {
  const living = engines.filter((engine) => engine.status !== 'dead');
  const isPython = living.length > 0 && living.every((engine) => engine.language === 'python');
  return isPython ? 'python' : 'javascript';
}
