import { usageOfValue } from '../../realm/magics/flags.ts';

/** What `--targets` and `-t` take, ready for `rc.view`: a position, a list of positions, `all` or a slice. */
export type Targets = number | readonly number[] | string;

const LANGUAGES = ['python', 'javascript'];

const EXPECTED = 'a target: all, an engine (1), a list (0,2), a slice (::2), python or javascript';

/** Reads `all`, `python`, `javascript`, `1`, `-1`, `0,2`, `[0, 2]`, `1:3`, `::2`. Anything else is a UsageError. */
export function parseTargets(magic: string, text: string): Targets {
  const bare = text
    .trim()
    .replace(/^\[(.*)\]$/s, '$1')
    .trim();
  if (bare === 'all' || LANGUAGES.includes(bare)) return bare;
  const inBrackets = bare !== text.trim();
  if (/^-?\d+$/.test(bare)) return inBrackets ? [Number(bare)] : Number(bare);
  if (/^-?\d+(\s*,\s*-?\d+)*,?$/.test(bare)) {
    return bare
      .split(',')
      .filter((part) => part.trim() !== '')
      .map(Number);
  }
  if (/^-?\d*:-?\d*(:-?\d*)?$/.test(bare.replace(/\s/g, ''))) return bare.replace(/\s/g, '');
  throw usageOfValue(magic, '--targets', text, EXPECTED);
}

/** For messages: `all`, `1`, `[0, 2]`; more than ten are abbreviated. */
export function targetsText(targets: 'all' | number | readonly number[]): string {
  if (typeof targets !== 'object') return String(targets);
  if (targets.length <= 10) return `[${targets.join(', ')}]`;
  return `[${targets.slice(0, 4).join(', ')}, ..., ${targets.slice(-4).join(', ')}]`;
}
