import type { Clock, Timers } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { CompiledCode } from '../protocol/code.ts';
import type { MsgId, RunId } from '../protocol/ids.ts';
import type { MimeBundle, Output } from '../protocol/outputs.ts';
import type { Reviver } from '../protocol/unpack.ts';
import type { ClientHub, ToClient } from './client-hub.ts';
import type { Blocker } from './blocking.ts';
import type { FreeNames } from './missing-names.ts';

/** A call that failed before anybody asked for its result. */
export interface UnawaitedFailure {
  readonly msgIds: readonly MsgId[];
  /** The function's name, or the method's. */
  readonly name: string;
  readonly error: Error;
  /** The cell run that made the call. */
  readonly runId: RunId | null;
  /** Whether somebody has asked since. */
  readonly isAwaited: () => boolean;
}

/** The world of a client, handed in: whoever makes clients (the kernel, a test) says where they live. */
export interface ClientEnvironment {
  readonly hub: ClientHub;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  /** Cells are rewritten here, once, and not once per engine. When it throws, the engine compiles the
   * source itself and reports the SyntaxError as a remote one. */
  readonly compile?: (source: string, url: string) => CompiledCode;
  /** The value of an expression in the user's namespace; brings functions that came back to life. */
  readonly evaluate?: (expression: string) => unknown;
  /** How else results are brought to life. Default: References stay References, objects of the user's classes
   * become plain objects. */
  readonly reviver?: Partial<Reviver>;
  /** How to wait without `await`; without it blocking calls throw BlockingUnavailableError. */
  readonly blocker?: Blocker | undefined;
  /** The cell run that is asking now, noted in what it submits. */
  readonly currentRun?: () => RunId | null;
  /** How many engines the cluster is meant to have: the default of `waitForEngines`. */
  readonly clusterSize?: () => number | null;
  /** Where `displayOutputs` and `streamOutput` show things; without it, text goes to the console. */
  readonly show?: (output: Output) => void;
  /** Shows what a call has printed when it had ended, or what nobody has caught in it. `runId`: the cell run that made
   * the call; null: not known. Default: only the call's result has it. */
  readonly showLate?: (runId: RunId | null, output: Output) => void;
  /** Keeps a callback together with the cell that passes it: what it prints is that cell's. */
  readonly bind?: <F extends (...args: never[]) => unknown>(callback: F) => F;
  /** Shows something that will be replaced in its place: the progress bar. Without it, the last state is
   * printed. */
  readonly display?: (bundle: MimeBundle) => { readonly update: (bundle: MimeBundle) => void };
  /** The text of a file, or of an address, for `view.run`. Throws or rejects with an error that says why not.
   * Without it there are no files. */
  readonly readFile?: (name: string) => string | Promise<string>;
  /** Runs a cell's text in the user's own namespace; rejects with what it throws. Without it, `syncImports`
   * imports on engines only. */
  readonly runHere?: (code: string) => Promise<void>;
  /** The names that a function's text takes from the namespace, builtins included; may throw for a text that is
   * no function's. With it, ReferenceErrors about such names say how to cure them. */
  readonly freeNames?: FreeNames;
  /** Called once for each call that failed before anybody waited for it. */
  readonly onUnawaitedFailure?: (failure: UnawaitedFailure) => void;
  /** Makes `%px<suffix>` and its like for a view: `rc.activate`. The view is a DirectView. */
  readonly activate?: (view: object, suffix: string) => void;
  /** Messages about tasks that this client does not know (any more). */
  readonly onStray?: (message: ToClient) => void;
}
