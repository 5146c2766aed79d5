import variant from '@jitl/quickjs-singlefile-browser-release-sync';
import {
  DefaultIntrinsics,
  newQuickJSWASMModuleFromVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
} from 'quickjs-emscripten-core';
import type { Clock } from '../base/clock.ts';
import type { SchemeInterpreter } from './scheme-source.ts';
import { SCHEME_PRELUDE } from './scheme-prelude.ts';

/** Milliseconds that one answer may take, and the compilation. */
const LONGEST_ANSWER = 10;
const LONGEST_START = 1000;
/** Late answers in a row, after which it is not asked any more. */
const MOST_LATE = 3;
/** Milliseconds of each second that all answers together may take. */
const SHARE = 500;
/** Bytes. */
const MEMORY = 256 << 10;
const STACK = 128 << 10;
/** Characters. */
const LONGEST_SOURCE = 100_000;
const LONGEST_WORDS = 200;
const MOST_SCHEMES = 16;
/** A number with an `n` behind it; what it takes to multiply two grows with the square of their digits. */
const BIG = /\b\d[\da-z_]*n\b/i;

/**
 * Runs the scheme functions of cells. A scheme is asked on the frame's main thread, in the middle of a decision, and
 * a window has powers that code of a notebook must not have. So it runs in an interpreter, which has none but the
 * language's own, in bounded time, memory and stack; each in one of its own, so that one that breaks it harms nobody.
 */
export function createSchemeInterpreter(clock: Clock): SchemeInterpreter {
  const alive = new Set<RunningScheme>();
  return {
    interpret: async (source) => {
      if (source.length > LONGEST_SOURCE) throw new Error('The scheme is too long.');
      if (BIG.test(source)) throw new Error('A scheme has no BigInts.');
      const quickjs = await newQuickJSWASMModuleFromVariant(variant);
      if (alive.size >= MOST_SCHEMES) throw new Error(`There are ${String(MOST_SCHEMES)} schemes already.`);
      const scheme = new RunningScheme(quickjs.newRuntime(), clock, source);
      alive.add(scheme);
      return {
        choose: (loads) => scheme.choose(loads),
        dispose: () => {
          // The rest is done by whoever collects garbage: it is all the interpreter's own memory.
          alive.delete(scheme);
        },
      };
    },
  };
}

/** What a scheme did instead of choosing, in words. */
class SchemeError extends Error {
  override readonly name = 'SchemeError';
}

class RunningScheme {
  readonly #context: QuickJSContext;
  readonly #clock: Clock;
  readonly #ask: QuickJSHandle;
  /** When it is interrupted. */
  #deadline = Infinity;
  #lateInARow = 0;
  /** The second that its account is about, and the milliseconds used in it. */
  #second = 0;
  #used = 0;

  constructor(runtime: QuickJSRuntime, clock: Clock, source: string) {
    this.#clock = clock;
    runtime.setMemoryLimit(MEMORY);
    runtime.setMaxStackSize(STACK);
    runtime.setInterruptHandler(() => clock.now() > this.#deadline);
    this.#context = runtime.newContext({
      intrinsics: { ...DefaultIntrinsics, Proxy: false, TypedArrays: false, Promise: false },
    });
    this.#ask = this.#compile(source);
  }

  choose(loads: readonly number[]): number {
    const begun = this.#clock.now();
    this.#refuseIfTired(begun);
    const answer = this.#answer(JSON.stringify(loads), begun);
    this.#used += this.#clock.now() - begun;
    if (typeof answer === 'number') return answer;
    throw new SchemeError(answer);
  }

  #refuseIfTired(now: number): void {
    if (this.#lateInARow >= MOST_LATE) throw new SchemeError('it was late too often');
    const second = Math.floor(now / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#used = 0;
    }
    if (this.#used > SHARE) throw new SchemeError(`it takes more than ${String(SHARE)} ms of each second`);
  }

  /** A place, or what is wrong. */
  #answer(loads: string, begun: number): number | string {
    const context = this.#context;
    this.#deadline = begun + LONGEST_ANSWER;
    const text = context.newString(loads);
    const result = context.callFunction(this.#ask, context.undefined, text);
    text.dispose();
    if (result.error) {
      result.error.dispose();
      if (this.#clock.now() <= this.#deadline) return 'it needs too much memory';
      this.#lateInARow++;
      return `it takes longer than ${String(LONGEST_ANSWER)} ms`;
    }
    this.#lateInARow = 0;
    const { value } = result;
    const isPlace = context.typeof(value) === 'number';
    const answer = isPlace ? context.getNumber(value) : context.getString(value).slice(0, LONGEST_WORDS);
    value.dispose();
    return answer;
  }

  /** @throws Error that says what is wrong with the text. */
  #compile(source: string): QuickJSHandle {
    const context = this.#context;
    this.#deadline = this.#clock.now() + LONGEST_START;
    const prelude = context.unwrapResult(context.evalCode(SCHEME_PRELUDE));
    const text = context.newString(source);
    const made = context.callFunction(prelude, context.undefined, text);
    text.dispose();
    prelude.dispose();
    if (made.error) {
      made.error.dispose();
      throw new Error('The scheme is not read within its bounds of time and memory.');
    }
    if (context.typeof(made.value) === 'function') return made.value;
    const reason = context.getString(made.value).slice(0, LONGEST_WORDS);
    made.value.dispose();
    throw new Error(`The scheme cannot be read: ${reason}`);
  }
}
