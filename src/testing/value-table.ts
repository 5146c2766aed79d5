/**
 * What people send, and what of it must be there on the other side. Both are texts of functions too, so that they can
 * be run in threads of their own: nothing here refers to anything outside of it.
 */

/** `clone`: arrives as `structuredClone` has it. `whole`: better than that, as it left. */
export type Promised = 'clone' | 'whole';

export const VALUES: readonly [name: string, promised: Promised, make: () => unknown][] = [
  ['minus zero', 'clone', () => -0],
  ['minus zero inside', 'clone', () => [-0, { z: -0 }, new Map([[1, -0]])]],
  ['numbers', 'clone', () => [NaN, Infinity, -Infinity, 5e-324, 2 ** 53]],
  ['undefined and null', 'clone', () => [undefined, null, { u: undefined }]],
  ['bigints', 'clone', () => [0n, 1n, -(2n ** 70n), new BigUint64Array([2n ** 64n - 1n])]],
  ['texts', 'clone', () => ['\ud800', 'a\udc00b', '\u{1f600}', '\0', '', '\u2028']],
  ['holes', 'clone', () => [1, , 3, , undefined]],
  ['holes at the end', 'clone', () => Object.assign([1], { length: 4 })],
  ['a list that is mostly holes', 'clone', () => Object.assign([], { 7: 'a', 20000: -0, 4000000000: { b: 1 } })],
  ['nothing but holes', 'clone', () => new Array(50_000)],
  ['boxed values', 'clone', () => [1, 's', false, 3n, -0].map((one) => Object(one) as object)],
  ['the key __proto__', 'clone', () => JSON.parse('{"__proto__": {"a": 1}, "constructor": 2, "toString": 3}')],
  ['keys of ours', 'clone', () => ({ $tutti: 'function', source: 'x', then: 1, toJSON: 2, '': 3 })],
  ['keys that are numbers', 'clone', () => ({ b: 1, 2: 2, 1: 3, a: 4, '-1': 5 })],
  ['dates', 'clone', () => [new Date(5), new Date(NaN), new Date(-8.64e15)]],
  ['regular expressions', 'clone', () => [/a+[/]b/giu, /^$/m, /(?<y>\d)/dgs, Object.assign(/x/g, { lastIndex: 3 })]],
  ['Maps and Sets', 'clone', () => new Map<unknown, unknown>([[{ k: 1 }, new Set([NaN, -0, 'a', new Map([[1, 2]])])]])],
  ['what is in it twice', 'clone', () => { const s = { n: 1 }; return { a: s, b: [s], m: new Map([[s, s]]), t: new Set([s]) }; }],
  ['cycles', 'clone', () => { const o: Record<string, unknown> = {}; const m = new Map([[o, [o]]]); return Object.assign(o, { o, m, s: new Set([o, m]) }); }],
  ['typed arrays', 'clone', () => [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array].map((T) => T.of(1, -2, 300.5))],
  ['views on one buffer', 'clone', () => { const b = new Float64Array([1, 2, 3]).buffer; return [new Uint8Array(b, 3, 5), new DataView(b, 8), b, new Float64Array(b)]; }],
  ['one long typed array', 'clone', () => Float32Array.from({ length: 9000 }, (_none, i) => i / 3)],
  ['empty ones', 'clone', () => [[], {}, new Map(), new Set(), new ArrayBuffer(0), new Float64Array(0), '']],
  ['buffers that can grow', 'clone', () => { const b = new ArrayBuffer(8, { maxByteLength: 16 }); return [b, new Uint8Array(b), new Uint8Array(b, 0, 8), new DataView(b, 2)]; }],
  ['long lists', 'clone', () => Array.from({ length: 3000 }, (_none, i) => (i === 7 ? -0 : i / 3))],
  ['long mixed lists', 'clone', () => Array.from({ length: 3000 }, (_none, i) => [i, String(i), null, undefined, { i }, BigInt(i)][i % 6])],
  ['long lists of texts', 'clone', () => Array.from({ length: 2000 }, (_none, i) => `t${String(i % 9)}\ud800`)],
  ['records', 'clone', () => Array.from({ length: 100 }, (_none, i) => ({ id: i, name: `n${String(i)}`, tags: [i] }))],
  ['no prototype', 'clone', () => Object.assign(Object.create(null) as object, { a: 1 })],
  ['frozen things', 'clone', () => Object.freeze([Object.freeze({ a: 1 })])],
  ['getters', 'clone', () => ({ get a() { return [1]; } })],
  ['errors', 'clone', () => [new Error('e'), new TypeError('t'), new RangeError('', { cause: { code: 1 } })]],
  ['a match', 'clone', () => /(?<d>\d+)/d.exec('ab12')],
  ['lists with fields', 'clone', () => [Object.assign([1, 2], { x0: -0, of: [1] }), Object.assign([], { a: 1 }), Object.assign([1, , 2], { '-1': 1 })]],
  ['a long list with fields', 'clone', () => Object.assign(Array.from({ length: 5000 }, (_none, i) => i), { columns: ['a'] })],
  ['deep nesting', 'whole', () => { let list: unknown = -0; for (let i = 0; i < 3000; i++) list = i % 3 === 0 ? [list, i] : i % 3 === 1 ? { list } : new Map([['m', list]]); return list; }],
  ['fields of Maps, Dates …', 'whole', () => [new Map([[1, 2]]), new Set([1]), new Date(5), /a/g, Object('ab') as object, new ArrayBuffer(2)].map((one) => Object.assign(one, { label: [one] }))],
  ['fields of typed arrays', 'whole', () => [Object.assign(new Float64Array([1, 2]), { unit: 'm' }), Object.assign(new DataView(new ArrayBuffer(4)), { unit: 's' }), Object.assign(new Uint8Array(1000), { unit: 'px' }), Object.assign(new Float32Array(2000), { mine: [-0], shape: [2, 1000] })]],
  ['fields of errors', 'whole', () => Object.assign(new TypeError('busy', { cause: Object.assign(new RangeError('inner'), { code: 'E1' }) }), { status: 503, list: [1] })],
  ['an AggregateError', 'whole', () => new AggregateError([new TypeError('a'), 5, { b: 1 }], 'all', { cause: 'c' })],
  ['a chain of causes', 'whole', () => { let error = new Error('0'); for (let i = 1; i < 600; i++) error = new Error(String(i), { cause: error }); return error; }],
  ['functions', 'whole', () => [(x: number) => x + 1, function named() { return 1; }, async () => 2, function* gen() { yield 3; }]],
  ['functions with fields', 'whole', () => { const f = Object.assign((x: number) => x, { unit: 'm', g: () => 2, self: {} }); f.self = f; return [f, f]; }],
  // oxlint-disable-next-line typescript/unbound-method -- it is what is sent
  ['methods', 'whole', () => ({ n: 2, twice() { return 2 * this.n; }, async later() { return this.n; } }).twice],
  ['classes with statics and parents', 'whole', () => { class Base { static kind = 'base'; one() { return 1; } } class Mine extends Base { static list = [1]; two() { return this.one() + 1; } } return [Base, Mine]; }],
  ['objects with their class', 'whole', () => { class Point { x = 1; list = [-0]; twice() { return 2 * this.x; } } const p = new Point(); return { Point, p, again: p }; }],
  ['objects of classes that extend built-ins', 'whole', () => {
    class Stack extends Array<number> { peek() { return this.at(-1); } }
    class Counter extends Map<string, number> { note = [1]; count(key: string) { return this.get(key); } }
    class Tags extends Set<string> { text() { return [...this].join(); } }
    class Day extends Date { iso() { return this.toISOString(); } }
    class Pattern extends RegExp { twice() { return this.source.repeat(2); } }
    class Vector extends Float64Array { mine = this.length; sum() { return this.reduce((a, b) => a + b, 0); } }
    class HttpError extends Error { status = 404; text() { return this.message; } }
    const classes = { Stack, Counter, Tags, Day, Pattern, Vector, HttpError };
    return [classes, Stack.from([1, 2]), new Counter([['a', 3]]), new Tags(['a']), new Day(0), new Pattern('a', 'g'), new Vector([1, 2]), new Vector(400), new HttpError('lost')];
  }],
]; // prettier-ignore

/** A value as a text, in which everything is told that makes it the value it is. */
export function portrait(root: unknown): string {
  const numbers = new Map<object, number>();
  const waiting: object[] = [];
  const part = (value: unknown): string => {
    switch (typeof value) {
      case 'number':
        return Object.is(value, -0) ? '-0' : String(value);
      case 'bigint':
        return `${String(value)}n`;
      case 'string':
        return JSON.stringify(value);
      case 'object':
      case 'function':
        if (value === null) return 'null';
        if (!numbers.has(value)) {
          numbers.set(value, numbers.size);
          waiting.push(value);
        }
        return `#${String(numbers.get(value))}`;
      default:
        return String(value);
    }
  };
  const kindOf = (object: object): string => Object.prototype.toString.call(object).slice(8, -1);
  const classOf = (object: object): string => {
    const proto = Object.getPrototypeOf(object) as { readonly constructor?: unknown } | null;
    // A copy of an object without a prototype has one, as everywhere.
    if (proto === null) return 'Object';
    return typeof proto.constructor === 'function' ? proto.constructor.name : '?';
  };
  const insideOf = (object: object): string => {
    if (ArrayBuffer.isView(object)) {
      const { byteOffset, byteLength, buffer } = object;
      const isWhole = byteOffset === 0 && byteLength === buffer.byteLength;
      const items =
        'length' in object && byteLength < 1e4 ? [...(object as Uint8Array)].map(part).join() : '';
      // Of a view that nobody shares its buffer with, only its own part travels.
      return `${items} ${String(byteLength)}${isWhole ? '' : ` @${String(byteOffset)}`} ${part(buffer)}`;
    }
    switch (kindOf(object)) {
      case 'ArrayBuffer': {
        const buffer = object as ArrayBuffer;
        const bytes = [...new Uint8Array(buffer)].slice(0, 2000).join();
        return `${bytes} ${String(buffer.resizable ? buffer.maxByteLength : '')}`;
      }
      case 'Map':
        return [...(object as Map<unknown, unknown>)]
          .map(([key, item]) => `${part(key)}=>${part(item)}`)
          .join();
      case 'Set':
        return [...(object as Set<unknown>)].map(part).join();
      case 'Date':
        return part((object as Date).getTime());
      case 'RegExp':
        return `/${(object as RegExp).source}/${(object as RegExp).flags}`;
      case 'Number':
      case 'String':
      case 'Boolean':
      case 'BigInt':
        return part((object as { valueOf(): unknown }).valueOf());
      case 'Error': {
        const { name, message } = object as Error;
        const hidden = ['cause', 'errors'].filter((key) => Object.hasOwn(object, key));
        return [name, message, ...hidden.map((key) => `${key} ${part(Reflect.get(object, key))}`)].join();
      }
      case 'Array':
        return String((object as unknown[]).length);
      default:
        if (typeof object !== 'function') return '';
        // A static field may be made again by the class's text.
        return `${(object as { readonly name: string }).name} ${Function.prototype.toString.call(object)}`;
    }
  };
  const fieldsOf = (object: object): string => {
    const isView = ArrayBuffer.isView(object) || kindOf(object) === 'String';
    const keys = Object.keys(object).filter((key) => !isView || !/^\d+$/.test(key));
    const shown =
      kindOf(object) === 'Error' ? keys.filter((key) => !/^(cause|errors|stack)$/.test(key)) : keys;
    return shown.map((key) => `${JSON.stringify(key)}:${part(Reflect.get(object, key))}`).join();
  };
  const lines = [part(root)];
  for (let i = 0; i < waiting.length; i++) {
    const object = waiting[i] as object;
    const kind = typeof object === 'function' ? 'Function' : kindOf(object);
    lines.push(`#${String(i)} ${kind} ${classOf(object)} (${insideOf(object)}) {${fieldsOf(object)}}`);
  }
  return lines.join('\n');
}
