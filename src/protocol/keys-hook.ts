/** The hidden function of every realm that lists the user's own names; `view.keys()` pulls this expression. */
export const KEYS_HOOK = '__tuttiKeys';
export const KEYS_EXPRESSION = `${KEYS_HOOK}()`;
