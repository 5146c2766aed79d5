/**
 * What runs in the interpreter before a scheme. It looks at the clock between steps of the language, and cannot while
 * a built-in function goes through its `length`, which anybody may say is 2 ** 53: so those of arrays take arrays, of
 * bounded length. Its value makes of a scheme's text what is asked for places, or says what is wrong with it.
 */
export const SCHEME_PRELUDE = `(() => {
  const { isArray, prototype } = Array;
  const { apply } = Reflect;
  const { parse } = JSON;
  const { values } = Object;
  const text = String;
  const Refusal = RangeError;
  const Syntax = SyntaxError;
  const evaluate = eval;
  const check = (value) => {
    if (!isArray(value) || value.length > 10000) throw new Refusal('Here methods of arrays take arrays of at most 10000 items.');
  };
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const method = prototype[name];
    if (typeof method !== 'function' || name === 'constructor') continue;
    prototype[name] = function (...args) {
      check(this);
      return apply(method, this, args);
    };
  }
  // They go through other arrays, too.
  for (const name of ['concat', 'flat', 'flatMap']) delete prototype[name];
  const steps = Object.getPrototypeOf([].values());
  const { next } = steps;
  steps.next = function () {
    return apply(next, this, []);
  };
  // A method's source is an expression only inside an object.
  const read = (source) => {
    try {
      return evaluate('(' + source + '\\n)');
    } catch (error) {
      if (error instanceof Syntax) return values(evaluate('({ ' + source + '\\n })'))[0];
      throw error;
    }
  };
  return (source) => {
    let scheme;
    try {
      scheme = read(source);
    } catch (error) {
      return text(error);
    }
    if (typeof scheme !== 'function') return 'it is no function.';
    return (loads) => {
      try {
        const place = scheme(parse(loads));
        return typeof place === 'number' ? place : 'it gave ' + text(place);
      } catch (error) {
        return 'it threw ' + text(error);
      }
    };
  };
})()`;
