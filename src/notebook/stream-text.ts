import type { Output } from '../protocol/outputs.ts';

export type StreamOutput = Extract<Output, { type: 'stream' }>;

/**
 * The text of a stream, seen as what stands (`head`, whole lines) and the line being written (`line`).
 * `returned`: a carriage return came last, so whatever comes next but a line feed overwrites the line.
 */
interface Written {
  readonly head: string;
  readonly line: string;
  readonly returned: boolean;
}

/** What is known of outputs that were grown here. Only a memory: it can be found again in the text. Without
 * it, each chunk would search (and so copy) all the text before it. */
const known = new WeakMap<StreamOutput, Written>();

/**
 * The output with `chunk` written behind its text, as a terminal would: a carriage return goes back to the
 * start of the line, and what follows replaces that line. Costs time in proportion to the chunk and, where
 * carriage returns are used, to the line.
 */
export function growStream(output: StreamOutput, chunk: string): StreamOutput {
  const written = write(known.get(output) ?? writtenIn(output.text), chunk);
  const text = written.head + written.line + (written.returned ? '\r' : '');
  const grown: StreamOutput = { ...output, text };
  known.set(grown, written);
  return grown;
}

function writtenIn(text: string): Written {
  const start = text.lastIndexOf('\n') + 1;
  const returned = text.endsWith('\r');
  return { head: text.slice(0, start), line: text.slice(start, returned ? -1 : undefined), returned };
}

function write(before: Written, chunk: string): Written {
  if (chunk === '') return before;
  if (before.returned || chunk.includes('\r')) return overwrite(before, chunk);
  const start = chunk.lastIndexOf('\n') + 1;
  if (start === 0) return { ...before, line: before.line + chunk };
  return {
    head: before.head + before.line + chunk.slice(0, start),
    line: chunk.slice(start),
    returned: false,
  };
}

function overwrite(before: Written, chunk: string): Written {
  const lines = (before.line + (before.returned ? '\r' : '') + chunk).split('\n');
  const last = lines.pop() ?? '';
  const ended = lines.map((line) => lastWriting(line) + '\n').join('');
  return { head: before.head + ended, line: lastWriting(last), returned: last.endsWith('\r') };
}

/** What is left of a line after its carriage returns; one at the very end has not overwritten anything yet. */
function lastWriting(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === '\r') end--;
  if (end === 0) return '';
  return line.slice(line.lastIndexOf('\r', end - 1) + 1, end);
}

/**
 * A whole text as a terminal would leave it: of each line what was written last, less what backspaces took away. A
 * carriage return at the very end has not overwritten anything yet. Linear.
 */
export function asWritten(text: string): string {
  const returned = text.includes('\r') ? writtenOver(text) : text;
  return returned.includes('\b') ? withoutErased(returned) : returned;
}

function writtenOver(text: string): string {
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  const returned = last.endsWith('\r') ? '\r' : '';
  return [...lines.map(lastWriting), lastWriting(last) + returned].join('\n');
}

/** A backspace takes the character before it, but no line break. */
function withoutErased(text: string): string {
  const kept: string[] = [];
  for (const char of text) {
    if (char !== '\b') kept.push(char);
    else if (kept.length > 0 && kept.at(-1) !== '\n') kept.pop();
  }
  return kept.join('');
}

const CUT_MARK = /^\[… ([0-9]+) earlier characters are not kept …\]\n/;
/** A cut is moved to the start of a line, when one is as near as this. */
const LINE_SEARCH = 4096;

/** The number of characters that were cut off the front, as the mark there says, and the rest of the text. */
export function readCut(text: string): { readonly lost: number; readonly rest: string } {
  const mark = CUT_MARK.exec(text);
  return mark ? { lost: Number(mark[1]), rest: text.slice(mark[0].length) } : { lost: 0, rest: text };
}

/** `text` (without a mark) less `excess` characters or a few more at its front, and a mark that says so;
 * `lost` is what had gone before. */
export function cutFront(text: string, excess: number, lost: number): string {
  const newline = text.slice(excess, excess + LINE_SEARCH).indexOf('\n');
  const start = newline < 0 ? excess : excess + newline + 1;
  return `[… ${String(lost + start)} earlier characters are not kept …]\n${text.slice(start)}`;
}
