import { carry } from '../../protocol/canned.ts';

/** A function for engines. */
export type EngineFunction = (...args: unknown[]) => unknown;

/**
 * A function of ours that runs on engines. It is written as text, because the text is what travels, and
 * bundlers rewrite functions. Frames inside it are ours, not the user's: its name has a path.
 */
export function engineFunction(name: string, source: string): EngineFunction {
  const hidden = JSON.stringify(`(${source}\n)\n//# sourceURL=tutti/classic/${name}`);
  const local = () => {
    throw new TypeError(`${name} runs on engines only`);
  };
  return carry(local, { source: `(...args) => (0, eval)(${hidden})(...args)`, name, values: {} });
}
