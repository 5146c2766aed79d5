import type { ClientEnvironment } from './environment.ts';
import { FileNotFoundError } from './errors.ts';

/**
 * The text of a file or address, and a line break; at once where it can be had at once.
 * @throws TypeError for what is no name; FileNotFoundError, also as a rejection, when it cannot be read.
 */
export function readSource({ readFile }: ClientEnvironment, name: unknown): string | Promise<string> {
  if (typeof name !== 'string') throw new TypeError(`run takes the name of a file, not ${typeof name}`);
  if (!readFile) throw new FileNotFoundError(`'${name}' could not be read: there are no files here`);
  try {
    const text = readFile(name);
    return typeof text === 'string'
      ? withBreak(text)
      : text.then(withBreak, (error: unknown) => refuse(name, error));
  } catch (error) {
    return refuse(name, error);
  }
}

function refuse(name: string, error: unknown): never {
  const why = error instanceof Error ? error.message : String(error);
  throw new FileNotFoundError(`'${name}' could not be read: ${why}`, { cause: error });
}

function withBreak(text: string): string {
  return `${text}\n`;
}

/** What stack frames call the file: its name without folder and ending, if that is a word. */
export function frameName(name: string): string {
  const base = /([^/\\]*?)(\.\w+)?$/.exec(name.replace(/[?#].*$/, ''))?.[1] ?? '';
  return /^[A-Za-z][\w-]*$/.test(base) ? base : 'run';
}
