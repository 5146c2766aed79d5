import { systemClock } from '../base/clock.ts';
import { SchemeSource } from '../runtime/scheme-source.ts';

/** Of all tests of a file. */
export const testSchemes = new SchemeSource(async () => {
  const { createSchemeInterpreter } = await import('../runtime/scheme-interpreter.ts');
  return createSchemeInterpreter(systemClock);
});
