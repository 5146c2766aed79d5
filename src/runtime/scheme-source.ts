import type { Clock } from '../base/clock.ts';
import type { Scheme } from '../protocol/hub-options.ts';

/** A scheme of the user's, ready to be asked. */
export interface InterpretedScheme {
  /** Throws where the function does, and where it takes too long. */
  readonly choose: Scheme;
  /** Gives its memory back. */
  readonly dispose: () => void;
}

export interface SchemeInterpreter {
  /** Rejects with an Error that says what is wrong with the text. */
  interpret(source: string): Promise<InterpretedScheme>;
}

/** The text of a module, evaluated, gives this: see `src/schemes.ts`. */
export interface SchemeModule {
  createSchemeInterpreter(clock: Clock): SchemeInterpreter;
}

/** Under which name the page is asked for that module. */
export const SCHEME_MODULE = 'tutti:schemes';

/** The interpreter of schemes, loaded when a cell first has a scheme of its own. A failure is not remembered. */
export class SchemeSource {
  readonly #load: () => Promise<SchemeInterpreter>;
  #interpreter: Promise<SchemeInterpreter> | null = null;

  constructor(load: () => Promise<SchemeInterpreter>) {
    this.#load = load;
  }

  /** Rejects with what is wrong with the text, or why there is no interpreter. */
  async interpret(source: string): Promise<InterpretedScheme> {
    this.#interpreter ??= this.#load();
    const interpreter = await this.#interpreter.catch((error: unknown) => {
      this.#interpreter = null;
      throw error;
    });
    return interpreter.interpret(source);
  }
}
