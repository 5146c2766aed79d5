import type { LibraryAnswer } from '../protocol/engine-messages.ts';

/**
 * Bundled libraries on their way into workers. Nothing in the frame has a network, so the page is asked, once
 * per library; every later asker gets the same answer. A refusal is not remembered: it may have been a
 * passing fault of the host.
 */
export class LibraryBroker {
  readonly #ask: (name: string) => void;
  readonly #answers = new Map<string, Promise<LibraryAnswer>>();
  readonly #waiting = new Map<string, (answer: LibraryAnswer) => void>();

  constructor(ask: (name: string) => void) {
    this.#ask = ask;
  }

  get(name: string): Promise<LibraryAnswer> {
    const known = this.#answers.get(name);
    if (known) return known;
    const answer = new Promise<LibraryAnswer>((resolve) => {
      this.#waiting.set(name, resolve);
    });
    this.#answers.set(name, answer);
    this.#ask(name);
    return answer;
  }

  provide(name: string, answer: LibraryAnswer): void {
    if (!answer.ok) this.#answers.delete(name);
    this.#waiting.get(name)?.(answer);
    this.#waiting.delete(name);
  }
}
