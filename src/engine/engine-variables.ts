import type { Clock } from '../base/clock.ts';
import { randomName, type Random } from '../base/random.ts';
import type { FromEngine, ToEngine } from '../protocol/engine-messages.ts';
import type { Link } from '../protocol/link.ts';
import type { Method } from '../protocol/requests.ts';
import type { Evaluator } from '../realm/evaluator.ts';
import { answerLook } from '../realm/looking/answer-look.ts';
import { lookUp } from '../realm/looking/look.ts';
import { Shelf } from '../realm/looking/shelf.ts';
import { Survey } from '../realm/looking/survey.ts';
import { Namespace } from '../realm/namespace.ts';
import { NameReport } from './name-report.ts';

type Port = Pick<Link<ToEngine, FromEngine>, 'post'>;

interface VariablesHost {
  readonly link: Port;
  readonly evaluator: Evaluator;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * The variables that an engine holds between its requests: their namespace, what is told of it, and what people look
 * into. Looking is answered at once, also while a request waits for something; what takes variables away waits until
 * none runs, for its code may be using them.
 */
export class EngineVariables {
  readonly namespace: Namespace;
  /** Values that people may look into. */
  readonly shelf: Shelf;
  readonly #link: Port;
  readonly #survey: Survey;
  readonly #names: NameReport;
  /** Tokens of `clear`s to be done when what runs has ended. */
  readonly #clears: number[] = [];
  /** Variables to be removed then, and the question that each answers. */
  readonly #forgets: { readonly n: number; readonly name: string }[] = [];

  constructor({ link, evaluator, clock, random }: VariablesHost) {
    this.#link = link;
    this.namespace = new Namespace(evaluator);
    this.shelf = new Shelf(
      () => randomName(random, 16),
      (path) => lookUp(evaluator.globals, path),
    );
    this.#survey = new Survey(
      evaluator.globals,
      () => this.namespace.keys(),
      () => clock.now(),
    );
    this.#names = new NameReport(this.namespace, clock);
  }

  look({ n, question }: Extract<ToEngine, { type: 'look' }>): void {
    if (question.type === 'forget') {
      this.#forgets.push({ n, name: question.name });
      return;
    }
    const answer = answerLook(question, { shelf: this.shelf, survey: this.#survey });
    this.#link.post({ type: 'seen', n, answer });
  }

  /** All are to go, as soon as no request runs. */
  askClear(token: number): void {
    this.#clears.push(token);
  }

  /** No request runs: removes what was to be removed, and says so. */
  removeAsked(): void {
    for (const token of this.#clears.splice(0)) {
      this.clear();
      this.#link.post({ type: 'cleared', token });
    }
    for (const { n, name } of this.#forgets.splice(0)) {
      this.namespace.forget(name);
      this.#names.forget();
      this.#link.post({ type: 'seen', n, answer: { type: 'forgotten' } });
    }
  }

  /** Removes them all now. */
  clear(): void {
    this.namespace.clear();
    this.#names.forget();
    this.shelf.clear();
  }

  /** The names after a request, or null when they are those told before. */
  namesAfter(method: Method): readonly string[] | null {
    return this.#names.after(method);
  }
}
