import type { EngineState, Language } from './client-messages.ts';

/** For which engines the code of a `%px` or `%%px` line is. `usual`: what it means without targets. Null: no such line. */
export function pxLanguage(line: string, usual: Language): Language | null {
  if (!/^\s*(?:\w+\s*=\s*)?%%?px(?!result|config)\w*(?=\s|$)/.test(line)) return null;
  const targets = /\s(?:--targets|-t)(?:=|\s+)(\S+)/.exec(line)?.[1];
  return targets === 'python' || targets === 'javascript' ? targets : usual;
}

/** What `%px` means on these engines when it names none. */
export function usualLanguage(engines: readonly EngineState[]): Language {
  const living = engines.filter((engine) => engine.status !== 'dead');
  const isPython = living.length > 0 && living.every((engine) => engine.language === 'python');
  return isPython ? 'python' : 'javascript';
}
