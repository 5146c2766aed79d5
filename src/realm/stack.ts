import { CellUrl } from '../protocol/cell-url.ts';
import type { Frame } from '../protocol/errors.ts';
import { HIDDEN_PREFIX } from '../lang/declarations.ts';

/** From a position in compiled code to the code as typed. */
export type MapPosition = (url: string, line: number, column: number) => { line: number; column: number };

const MOST_FRAMES = 40;

/**
 * The user's own frames of a stack text, innermost first: those in cells, and in code that goes by one short
 * word (`run`, `function`). Everything with a path is ours or the platform's. Reads the formats of V8
 * (`    at f (cell-4/a1:3:5)`) and of Firefox and Safari (`f@cell-4/a1:3:5`).
 */
export function userFrames(stack: string, mapPosition?: MapPosition): readonly Frame[] {
  return stack
    .split('\n')
    .flatMap((line) => parseLine(line) ?? [])
    .slice(0, MOST_FRAMES)
    .map((frame) =>
      mapPosition ? { ...frame, ...mapPosition(frame.url, frame.line, frame.column) } : frame,
    );
}

const LOCATION = /^(.*?):(\d+):(\d+)$/;

function parseLine(line: string): Frame | null {
  const { name, location } = v8Line(line) ?? geckoLine(line) ?? {};
  const [, url, lineNumber, column] = LOCATION.exec(location ?? '') ?? [];
  if (url === undefined || !isUserUrl(url)) return null;
  return { functionName: userName(name ?? ''), url, line: Number(lineNumber), column: Number(column) };
}

function v8Line(line: string): { name: string; location: string } | null {
  const match = /^\s+at (?:(.*) \()?(?:eval at .*, )?([^\s()]+:\d+:\d+)\)?$/.exec(line);
  return match ? { name: match[1] ?? '', location: match[2] ?? '' } : null;
}

function geckoLine(line: string): { name: string; location: string } | null {
  const match = /^([^@]*)@([^\s@]+:\d+:\d+)$/.exec(line);
  return match ? { name: match[1] ?? '', location: match[2] ?? '' } : null;
}

function isUserUrl(url: string): boolean {
  if (CellUrl.parse(url)) return true;
  return /^[A-Za-z][\w-]*$/.test(url) && !['native', 'eval', 'unknown', 'self-hosted', 'wasm'].includes(url);
}

/** Null for what is no function to the user: the cell itself, and what wraps it. */
function userName(name: string): string | null {
  const plain = name
    .replace(/^(?:async |new |async\*|promise callback\*|setTimeout handler\*)/, '')
    .replace(/ \[as .*\]$/, '');
  const bare = plain.replace(/^(Object|globalThis|global|Window|self)\./, '').replace(/[/<]+$/, '');
  if (/^(eval|eval code|anonymous|<anonymous>|global code|module code)?$/.test(bare)) return null;
  return bare.includes(HIDDEN_PREFIX) ? null : bare;
}

/** `f (cell 4, line 3:5)`, as people read it. */
export function frameText(frame: Frame): string {
  const cell = CellUrl.parse(frame.url);
  const place = `${cell ? `cell ${String(cell.number)}` : frame.url}, line ${String(frame.line)}:${String(frame.column)}`;
  return frame.functionName === null ? place : `${frame.functionName} (${place})`;
}
