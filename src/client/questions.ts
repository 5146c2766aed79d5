import { deferred, type Deferred } from '../base/deferred.ts';
import type { Answer, Question } from '../protocol/client-messages.ts';
import { reviveRefusal } from './revive-error.ts';

/** What one client has asked of the controller and has no answer to yet. */
export class Questions {
  readonly #post: (n: number, question: Question) => void;
  readonly #open = new Map<number, Pick<Deferred<unknown>, 'resolve' | 'reject'>>();
  #asked = 0;

  constructor(post: (n: number, question: Question) => void) {
    this.#post = post;
  }

  /** Resolves to the controller's answer; rejects with its error. */
  ask(question: Question): Promise<unknown> {
    const answer = deferred<unknown>();
    this.put(question, answer);
    return answer.promise;
  }

  /** The same; `answer` is told in the turn in which the answer comes, so that a blocked thread hears it too. */
  put(question: Question, answer: Pick<Deferred<unknown>, 'resolve' | 'reject'>): void {
    this.#begin(question, answer);
  }

  /** The same; `block` returns when its argument has become true. @throws the controller's error. */
  askSync(question: Question, block: (until: () => boolean) => void): unknown {
    let end: (() => unknown) | null = null;
    const n = this.#begin(question, {
      resolve: (value) => {
        end = () => value;
      },
      reject: (error) => {
        end = () => {
          throw error;
        };
      },
    });
    try {
      block(() => end !== null);
    } finally {
      this.#open.delete(n);
    }
    return (end as (() => unknown) | null)?.();
  }

  answered(n: number, answer: Answer): void {
    const question = this.#open.get(n);
    this.#open.delete(n);
    if (answer.ok) question?.resolve(answer.value);
    else question?.reject(reviveRefusal(answer.ename, answer.evalue));
  }

  /** Nothing more will be answered. */
  failAll(error: Error): void {
    const questions = [...this.#open.values()];
    this.#open.clear();
    for (const question of questions) question.reject(error);
  }

  #begin(question: Question, answer: Pick<Deferred<unknown>, 'resolve' | 'reject'>): number {
    const n = ++this.#asked;
    this.#open.set(n, answer);
    this.#post(n, question);
    return n;
  }
}
