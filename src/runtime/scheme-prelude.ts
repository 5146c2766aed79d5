/**
 * What runs in the interpreter before a scheme. It looks at the clock each ten thousand steps of the language, and not
 * while a built-in function works: one that sorts, searches or prints much, called in a loop, would hold the thread for
 * minutes. So built-in functions take bounded arrays and texts, and each call counts as a hundred steps. What grows with
 * the digits of a BigInt cannot be bounded so, so there are none. The prelude's value makes of a scheme's text what is
 * asked for places, or says what is wrong with it.
 */
export const SCHEME_PRELUDE = `(() => {
  'use strict';
  const { isArray, prototype } = Array;
  const { apply, construct, ownKeys, getOwnPropertyDescriptor, defineProperty, getPrototypeOf } = Reflect;
  const { parse } = JSON;
  const { values } = Object;
  const text = String;
  const Refusal = RangeError;
  const Syntax = SyntaxError;
  const evaluate = eval;
  const texts = String.prototype;
  const isLong = (value) => typeof value === 'string' ? value.length > 1000 : isArray(value) && value.length > 1000;
  const refuse = () => {
    throw new Refusal('Here functions of the language take arrays and texts of at most 1000 items.');
  };
  const check = (self, args) => {
    for (let i = 0; i < 100; i++);
    if (isLong(self)) refuse();
    for (let i = 0; i < args.length; i++) if (isLong(args[i])) refuse();
  };
  const bounded = (method, owner) => function (...args) {
    // Anything may say that it is long: they take what is an array, and what is a text.
    if (owner === prototype && !isArray(this)) refuse();
    if (owner === texts && typeof this !== 'string') refuse();
    check(this, args);
    return apply(method, this, args);
  };
  // These go through other arrays, too.
  for (const name of ['concat', 'flat', 'flatMap']) delete prototype[name];
  for (const name of ['normalize', 'localeCompare']) delete texts[name];
  delete globalThis.BigInt;
  const known = [globalThis];
  const visit = (owner) => {
    if (known.includes(owner)) return;
    known.push(owner);
    for (const key of ownKeys(owner)) {
      const property = getOwnPropertyDescriptor(owner, key);
      const { value } = property;
      if (key === 'constructor' || typeof value !== 'function' || value.prototype !== undefined) continue;
      if (property.writable && property.configurable) owner[key] = bounded(value, owner);
    }
  };
  const Expression = RegExp;
  for (const name of ownKeys(globalThis)) {
    const value = globalThis[name];
    const type = typeof value;
    if (type !== 'function' && type !== 'object' || value === null) continue;
    if (type === 'function' && value.prototype === undefined) {
      globalThis[name] = bounded(value, null);
      continue;
    }
    visit(value);
    if (typeof value.prototype === 'object') visit(value.prototype);
  }
  const iterator = Symbol.iterator;
  for (const made of [[].values(), new Map().values(), new Set().values(), ''[iterator](), 'a'.matchAll(/a/g)])
    visit(getPrototypeOf(made));
  globalThis.RegExp = function (source, flags) {
    check(source, []);
    return new Expression(source, flags);
  };
  globalThis.RegExp.prototype = Expression.prototype;
  Expression.prototype.constructor = globalThis.RegExp;
  // No text becomes code: it could have the BigInts that the scheme's own may not have.
  delete globalThis.eval;
  delete globalThis.Function;
  for (const made of [() => 0, function* () {}, async () => 0, async function* () {}])
    if (getPrototypeOf(made) !== null) delete getPrototypeOf(made).constructor;
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
