/**
 * The door of what only clusters with a scheme of the user's own need: an interpreter, a module of its own, which the
 * page hands into the frame.
 */
export { createSchemeInterpreter } from './runtime/scheme-interpreter.ts';
