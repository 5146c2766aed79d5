import type { FunctionPlace } from '../protocol/canned.ts';
import { positionAt } from '../lang/positions.ts';

const MOST_CELLS = 200;
const MOST_CACHED = 1000;

/**
 * Finds functions in the texts of the cells that ran here. A function that travels to an engine takes its
 * place along, so that an error there names the cell and the line in which the user wrote it. What is not
 * found exactly once in a cell has no place: none is better than a wrong one.
 */
export class FunctionPlaces {
  /** Text as typed, by `sourceURL`; the latest last. */
  readonly #cells = new Map<string, string>();
  readonly #found = new Map<string, FunctionPlace | null>();

  /** `source` stands at its lines of the cell (padded with line breaks if it is a part). */
  remember(url: string, source: string): void {
    this.#cells.delete(url);
    this.#cells.set(url, source);
    const oldest = this.#cells.keys().next();
    if (this.#cells.size > MOST_CELLS && oldest.done === false) this.#cells.delete(oldest.value);
    this.#found.clear();
  }

  /** For `locateFunctionsBy`. `name` helps to find a function whose types were taken out of its text. */
  readonly locate = (source: string, name: string): FunctionPlace | null => {
    const known = this.#found.get(source);
    if (known !== undefined) return known;
    const place = this.#search(source, name);
    if (this.#found.size >= MOST_CACHED) this.#found.clear();
    this.#found.set(source, place);
    return place;
  };

  #search(source: string, name: string): FunctionPlace | null {
    const cells = [...this.#cells].toReversed();
    for (const [url, text] of cells) {
      const offset = text.indexOf(source);
      if (offset >= 0) return text.includes(source, offset + 1) ? null : { url, ...positionAt(text, offset) };
    }
    if (!/^[\w$]+$/.test(name)) return null;
    const word = name.replaceAll('$', '\\$');
    const isMethod = new RegExp(String.raw`^(?:async\s+)?\*?\s*${word}\s*\(`).test(source);
    const declaration = isMethod ? methodOf(word) : functionOf(word);
    for (const [url, text] of cells) {
      const [first, second] = [...text.matchAll(declaration)];
      if (first) return second ? null : { url, ...positionAt(text, first.index) };
    }
    return null;
  }
}

function functionOf(name: string): RegExp {
  return new RegExp(String.raw`(?:async\s+)?function\s*\*?\s*${name}\s*[<(]`, 'g');
}

/** A method, told from a call by its body; parameters that hold parentheses are not understood. */
function methodOf(name: string): RegExp {
  const head = String.raw`(?<![\w$.])(?:async\s+)?(?:\*\s*)?${name}\s*(?:<[^<>()]*>)?\s*\([^()]*\)`;
  return new RegExp(String.raw`${head}\s*(?::[^{};]+)?\{`, 'g');
}
