import { originalPosition, type ShiftLayer } from '../lang/positions.ts';
import type { CompiledCode } from '../protocol/code.ts';
import type { MapPosition } from './stack.ts';

const MOST_URLS = 500;
const MOST_PIECES = 8;

/**
 * How positions in the code that ran lead back to the code as typed. One cell can run in several pieces
 * (between its magic lines) under one name; each piece knows its own lines.
 */
export class PositionMap {
  readonly #pieces = new Map<string, (readonly ShiftLayer[])[]>();

  remember(url: string, code: Pick<CompiledCode, 'shifts'>): void {
    const { shifts } = code;
    if (!shifts?.some((layer) => layer.length > 0)) return;
    const pieces = [shifts, ...(this.#pieces.get(url) ?? [])].slice(0, MOST_PIECES);
    this.#pieces.delete(url);
    this.#pieces.set(url, pieces);
    const oldest = this.#pieces.keys().next();
    if (this.#pieces.size > MOST_URLS && oldest.done === false) this.#pieces.delete(oldest.value);
  }

  readonly map: MapPosition = (url, line, column) => {
    const pieces = this.#pieces.get(url) ?? [];
    const shifts = pieces.find((layers) => layers.some((layer) => layer.some(([at]) => at === line)));
    return shifts ? originalPosition({ shifts }, line, column) : { line, column };
  };
}
