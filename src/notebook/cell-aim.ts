import type { EngineId } from '../protocol/ids.ts';

/**
 * Where a cell runs, as its first line says: `%%px`, or `%px` in front of a cell's only line of code. Read and written
 * without running anything.
 */
export type CellAim =
  | { readonly type: 'kernel' }
  /** `%%px` alone: on the engines that `%px` goes to. */
  | { readonly type: 'usual' }
  | { readonly type: 'all' }
  | { readonly type: 'engines'; readonly engines: readonly EngineId[] }
  /** Targets that are no list of engines (`::2`, `{name}`), as typed. */
  | { readonly type: 'expression'; readonly text: string }
  /** It begins with another magic, whose text is not ours to change. */
  | { readonly type: 'other'; readonly magic: string };

/** Flags of `%px` that have a value behind them. */
const WITH_VALUE = new Set(
  '--targets -t --progress-after --signal-on-interrupt --out -o --group-outputs -g'.split(' '),
);

const TARGETS = /(^|\s)(?:--targets|-t)(?:=|\s+|(?=-?\d))(\[[^\]]*\]|\S+)/;

interface Head {
  /** What comes before the magic: empty lines. */
  readonly before: string;
  readonly sign: '%px' | '%%px';
  readonly flags: string;
  /** What comes behind the flags: code on the line, a line break and more. */
  readonly rest: string;
}

export function readAim(source: string): CellAim {
  const head = headOf(source);
  if (head === null) {
    const magic = /^\s*(%%[\w]+)/.exec(source)?.[1];
    return magic === undefined ? { type: 'kernel' } : { type: 'other', magic };
  }
  const text = TARGETS.exec(head.flags)?.[2];
  if (text === undefined) return { type: 'usual' };
  const bare = text.replace(/^\[(.*)\]$/s, '$1').trim();
  if (bare === 'all') return { type: 'all' };
  if (!/^\d+(\s*,\s*\d+)*,?$/.test(bare)) return { type: 'expression', text };
  return {
    type: 'engines',
    engines: bare
      .split(',')
      .filter((part) => part.trim() !== '')
      .map(Number),
  };
}

/** The same cell, to run there. What else its line says stays, unless it is to run in the kernel. */
export function writeAim(source: string, aim: Exclude<CellAim, { type: 'other' }>): string {
  const head = headOf(source);
  if (aim.type === 'kernel') return head === null ? source : head.before + head.rest.replace(/^\n/, '');
  const flag = flagOf(aim);
  if (head === null) return `%%px${flag}\n${source}`;
  const others = head.flags.replace(TARGETS, '').trim();
  const flags = `${flag}${others === '' ? '' : ` ${others}`}`;
  const gap = head.rest === '' || head.rest.startsWith('\n') ? '' : ' ';
  return `${head.before}${head.sign}${flags}${gap}${head.rest}`;
}

function flagOf(aim: Exclude<CellAim, { type: 'other' | 'kernel' }>): string {
  switch (aim.type) {
    case 'usual':
      return '';
    case 'all':
      return ' --targets all';
    case 'engines':
      return ` --targets ${aim.engines.join(',')}`;
    case 'expression':
      return ` --targets ${aim.text}`;
  }
}

function headOf(source: string): Head | null {
  const match = /^(\s*)(%%?px)(?![\w])([^\n]*)([\s\S]*)$/.exec(source);
  if (match === null) return null;
  const [, before = '', sign = '', line = '', below = ''] = match;
  if (sign === '%%px') return { before, sign, flags: line.trim(), rest: below };
  // Of several lines each may go elsewhere.
  if (sign !== '%px' || below.trim() !== '') return null;
  const code = codeStart(line);
  return { before, sign, flags: line.slice(0, code).trim(), rest: line.slice(code) + below };
}

/** Where the flags of a line of `%px` end. */
function codeStart(line: string): number {
  let at = line.length - line.trimStart().length;
  for (;;) {
    const word = /^(--?[a-z][\w-]*)(=\S+|\d[\d,]*)?(\s+|$)/.exec(line.slice(at));
    if (word === null) return at;
    at += word[0].length;
    if (!WITH_VALUE.has(word[1] ?? '') || word[2] !== undefined) continue;
    at += /^(\[[^\]]*\]|\S+)(\s+|$)/.exec(line.slice(at))?.[0].length ?? 0;
  }
}
