import type { ItemSpan } from '../protocol/engine-messages.ts';
import type { ClientId } from '../protocol/ids.ts';
import { MOST_OPEN, type ItemClaims } from '../protocol/item-claims.ts';

interface Given extends ItemSpan {
  /** Of the first among all items of this life. */
  readonly place: number;
}

/** The items that one life of an engine has been given, by their places, and what is taken back from it. */
export class GivenItems {
  /** Null where no memory is shared. */
  readonly #claims: ItemClaims | null;
  /** Enough to know all that it may not have ended. */
  readonly #given: Given[] = [];
  #places = 0;

  constructor(claims: ItemClaims | null) {
    this.#claims = claims;
  }

  /** Before they are sent. Returned are items that are the engine's no more, for there is no place to claim them by: it has
   * left them for long. */
  give(span: ItemSpan): ItemSpan[] {
    const crowded: ItemSpan[] = [];
    for (let place = this.#places; place < this.#places + span.count; place++) this.#open(place, crowded);
    this.#given.push({ ...span, place: this.#places });
    this.#places += span.count;
    const [oldest] = this.#given;
    if (oldest && oldest.place + oldest.count <= this.#places - 2 * MOST_OPEN) this.#given.shift();
    return crowded;
  }

  #open(place: number, crowded: ItemSpan[]): void {
    if (this.#claims?.claim(place - MOST_OPEN) === true) {
      const left = this.at(place - MOST_OPEN);
      if (left !== null) add(crowded, left.client, left.number);
    }
    this.#claims?.open(place);
  }

  /** Those of these that the engine has not begun, and will not; null: it must be asked. */
  takeBack(spans: readonly ItemSpan[]): ItemSpan[] | null {
    const claims = this.#claims;
    if (claims === null) return null;
    const taken: ItemSpan[] = [];
    for (const { client, first, count } of spans) {
      for (let number = first; number < first + count; number++) {
        const place = this.#placeOf(client, number);
        if (place !== null && claims.claim(place)) add(taken, client, number);
      }
    }
    return taken;
  }

  /** Whose place that is. */
  at(place: number): { readonly client: ClientId; readonly number: number; readonly left: number } | null {
    for (let i = this.#given.length - 1; i >= 0; i--) {
      const given = this.#given[i] as Given;
      if (place < given.place) continue;
      const offset = place - given.place;
      if (offset >= given.count) return null;
      return { client: given.client, number: given.first + offset, left: given.count - offset };
    }
    return null;
  }

  /** The last, if it has been given more than once. */
  #placeOf(client: ClientId, number: number): number | null {
    for (let i = this.#given.length - 1; i >= 0; i--) {
      const { client: other, first, count, place } = this.#given[i] as Given;
      if (other === client && number >= first && number < first + count) return place + number - first;
    }
    return null;
  }
}

function add(spans: ItemSpan[], client: ClientId, number: number): void {
  const last = spans.at(-1);
  if (last?.client === client && last.first + last.count === number) {
    spans[spans.length - 1] = { ...last, count: last.count + 1 };
  } else spans.push({ client, first: number, count: 1 });
}
