import type { LookAnswer, LookQuestion } from '../../protocol/looking.ts';
import type { Lane } from '../../protocol/outputs.ts';

/** Looks into values where they are: in the kernel (null) or on an engine. Resolves late while that one is busy. */
export interface Looking {
  look(at: Lane, question: LookQuestion): Promise<LookAnswer>;
}

/** Milliseconds after which a reader is told that the answer takes its time. */
export const SOON = 400;

/** Who was asked, in a sentence. */
export function nameOf(at: Lane): string {
  return at === null ? 'The kernel' : `Engine ${String(at)}`;
}
