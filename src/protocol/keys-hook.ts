/** The hidden function of every realm that lists the user's own names; `view.keys()` pulls this expression. */
export const KEYS_HOOK = '__tuttiKeys';
export const KEYS_EXPRESSION = `${KEYS_HOOK}()`;

/** The hidden function of every realm that imports a module by its name. */
export const IMPORT_EXPRESSION = '__tuttiImport';

/** Empties the namespace of the realm that evaluates it, and gives a promise: what `%reset -f` compiles to. */
export const CLEAR_EXPRESSION = '__tuttiMagic({ name: "reset", force: true }, null, null, null)';
