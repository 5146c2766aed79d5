import { UNSENDABLE } from '../../protocol/canned.ts';
import type { AsyncResult } from '../async-result/async-result.ts';
import type { Client } from '../client.ts';
import { readOptions } from '../options.ts';
import { spell } from '../spelling.ts';
import { waitHere } from './waiting.ts';

export interface GetResultOptions {
  /** Wait for it. Default true; with false the result, or null while it is not there. */
  readonly block?: boolean;
}

/** An AsyncResult under the names of 2008: `pr.getResult()`, `pr.r`. Awaiting it gives the result too. */
export class PendingResult<T = unknown> implements PromiseLike<T> {
  readonly [UNSENDABLE] = 'Send the result instead: `await` it first.';
  /** All else that is known of the call: timing, outputs, metadata. */
  readonly asyncResult: AsyncResult;
  readonly #rc: Client;
  readonly #read: (value: unknown) => T;

  constructor(rc: Client, asyncResult: AsyncResult, read: (value: unknown) => T) {
    this.#rc = rc;
    this.asyncResult = asyncResult;
    this.#read = read;
  }

  /** Everything is there, good or bad. */
  ready(): boolean {
    return this.asyncResult.ready();
  }

  /** Waits and gives the result, or throws its error. Where nothing can block: something to await. */
  getResult(options?: { readonly block?: true }): T | this;
  getResult(options?: GetResultOptions): T | this | null;
  getResult(options?: GetResultOptions): T | this | null {
    const { block = true } = readOptions(options, ['block'], 'getResult');
    if (!block && !this.ready()) return null;
    return waitHere(this.#rc, this.asyncResult) ? this.#read(this.asyncResult.getSync()) : this;
  }

  /** `getResult()`. */
  get r(): T | this {
    return this.getResult();
  }

  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.asyncResult.get().then(this.#read).then(onFulfilled, onRejected);
  }

  catch<B = never>(onRejected?: ((error: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.then(null, onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<T> {
    return this.then().finally(onFinally);
  }

  /** `<PendingResult: execute>` */
  toString(): string {
    return `<PendingResult: ${this.asyncResult.name}>`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  [Symbol.for('Jupyter.display')](): Record<string, string> {
    return { 'text/plain': this.toString() };
  }
}

spell(PendingResult, ['asyncResult']);
