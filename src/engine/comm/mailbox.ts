import type { CommHead } from '../../protocol/comm.ts';

/** A message that has arrived. */
export interface Letter extends CommHead {
  /** The value; to be asked once. */
  open(): unknown;
}

/** What a `recv` accepts; null: any. */
export interface Wanted {
  readonly source: number | null;
  readonly tag: number | null;
  /** Sent by a collective operation, or else plain. */
  readonly collective: boolean;
}

/** So many groups, at least, are remembered when they have ended: what comes late for them is thrown away. */
const REMEMBERED = 256;

const NONE: readonly Letter[] = [];

/** Letters that nobody has asked for yet, by group, in order of arrival. */
export class Mailbox {
  readonly #letters = new Map<string, Letter[]>();
  /** The latest, and those before them. */
  #ended = new Set<string>();
  #endedBefore: ReadonlySet<string> = new Set();

  put(letter: Letter): void {
    if (this.hasEnded(letter.group)) return;
    const others = this.#letters.get(letter.group);
    if (others) others.push(letter);
    else this.#letters.set(letter.group, [letter]);
  }

  /** The first that fits. */
  take(group: string, { source, tag, collective }: Wanted): Letter | null {
    const letters = this.#letters.get(group);
    if (!letters) return null;
    const i = letters.findIndex(
      (letter) =>
        letter.isNotice !== true &&
        (letter.collective !== null) === collective &&
        (source === null || letter.source === source) &&
        (tag === null || letter.tag === tag),
    );
    return letters.splice(i, i < 0 ? 0 : 1)[0] ?? null;
  }

  /** Those that collective operations have sent, notices too. */
  collectives(group: string): readonly Letter[] {
    return this.#letters.get(group)?.filter(({ collective }) => collective !== null) ?? NONE;
  }

  hasEnded(group: string): boolean {
    return this.#ended.has(group) || this.#endedBefore.has(group);
  }

  /** Nobody will ask for letters of this group any more. */
  end(group: string): void {
    this.#letters.delete(group);
    this.#ended.add(group);
    if (this.#ended.size < REMEMBERED) return;
    this.#endedBefore = this.#ended;
    this.#ended = new Set();
  }
}
