import type { MsgId } from './ids.ts';

/** Other tasks that one waits for, and how they must have ended. */
export interface DependencySpec {
  readonly msgIds: readonly MsgId[];
  /** All of them, or any one. */
  readonly all: boolean;
  /** Whether success counts, and whether failure does; one of them at least. Aborted tasks have failed. */
  readonly success: boolean;
  readonly failure: boolean;
}

/** What a load-balanced task asks for besides an engine. */
export interface TaskTerms {
  /** It starts when this is met. */
  readonly after: DependencySpec | null;
  /** It runs where these ran, when this is met. */
  readonly follow: DependencySpec | null;
  /** Seconds that it may wait in the hub at a stretch; 0: for ever. */
  readonly timeout: number;
  /** How often it is tried again after a failure. */
  readonly retries: number;
  /** Higher ones go first. */
  readonly priority: number;
  /** Seconds that one try may run; 0: for ever. */
  readonly runTimeout: number;
  /** Engines may refuse it (UnmetDependency), so its buffers must not leave the hub for good. */
  readonly conditional: boolean;
}

export const NO_TERMS: TaskTerms = {
  after: null,
  follow: null,
  timeout: 0,
  retries: 0,
  priority: 0,
  runTimeout: 0,
  conditional: false,
};

/** What an engine raises that must not run the task; another engine may. */
export const UNMET = 'UnmetDependency';
