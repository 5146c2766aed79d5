/** Characters that pictures may come to where they stand again; the first time each is as long as it is in the file. */
const MOST_REPEATED = 20_000_000;

/** The attachments that one text shows. A line of Markdown shows one of any size again, and a browser reads it again. */
export class AttachedPictures {
  readonly #addressOf: (name: string) => string | null;
  readonly #known = new Map<string, string | null>();
  #repeated = 0;

  /** `addressOf`: what a name stands for; null: nothing. Asked once for each. */
  constructor(addressOf: (name: string) => string | null) {
    this.#addressOf = addressOf;
  }

  /** Its address, or why there is none. */
  find(name: string): { readonly address: string } | 'missing' | 'too often' {
    const known = this.#known.get(name);
    const address = known === undefined ? this.#addressOf(name) : known;
    this.#known.set(name, address);
    if (address === null) return 'missing';
    if (known !== undefined) this.#repeated += address.length;
    return known !== undefined && this.#repeated > MOST_REPEATED ? 'too often' : { address };
  }
}
