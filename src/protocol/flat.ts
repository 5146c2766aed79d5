import { tagOf, viewName } from './brand-of.ts';
import { hostForm, hostFrom } from './host-objects.ts';
import { copyBuffer, isLengthTracking, viewOfType } from './buffer-views.ts';
import { isSparse } from './list-copy.ts';

/**
 * What structured clone carries, as one text without nesting, with buffers beside it: for ways that are bytes (shared
 * memory, sockets), and for values that are nested deeper than the browser's own serialiser goes. Identity, cycles,
 * holes, -0, lone surrogates and views that share a buffer are kept. Buffers are not copied here.
 *
 * The text is JSON, `[root, shapes, nodes]`. A node is one object, `[kind, …]`. What is in it is a part: numbers,
 * strings, booleans and null as they are, everything else in brackets: `[n]` the nth node, `["12"]` a bigint, and
 * negative numbers for what JSON has no word for. Objects with the same keys share a shape.
 */
export interface Flat {
  readonly text: string;
  readonly buffers: readonly ArrayBuffer[];
  /** What is neither text nor bytes: shared memory, and objects of the browser. */
  readonly others: readonly object[];
}

type Node = [kind: string, ...rest: unknown[]];

/** Parts without a word in JSON, by their negative number. */
const ODD: readonly unknown[] = [null, undefined, null, NaN, Infinity, -Infinity, -0];
const HOLE = -2;
/** From here on, a list of numbers is bytes: as text a million of them would take a second. */
const LONG = 64;

export interface FlatOptions {
  /** What the browser can tell in bytes (Blobs, pictures) is told so, and not put among the `others`. */
  readonly bytesOnly?: boolean;
  /** Shared memory is told by its name: the receiver is another thread, which may have it, too. */
  readonly namesMemory?: boolean;
}

/** @throws TypeError for functions and symbols, which `pack` has replaced. */
export function flatten(value: unknown, options: FlatOptions = {}): Flat {
  return new Flattener(options).run(value);
}

class Flattener {
  readonly #options: FlatOptions;
  readonly #numbers = new Map<object, number>();
  /** By number; nodes are made in this order. */
  readonly #objects: object[] = [];
  readonly #shapes = new Map<string, number>();
  readonly #keys: (readonly string[])[] = [];
  /** Lists of records have one shape after the other the same. */
  #lastShape = -1;
  readonly #buffers: ArrayBuffer[] = [];
  readonly #others: object[] = [];

  constructor(options: FlatOptions) {
    this.#options = options;
  }

  run(value: unknown): Flat {
    const root = this.#part(value);
    const nodes: Node[] = [];
    // It grows meanwhile.
    for (let i = 0; i < this.#objects.length; i++) nodes.push(this.#node(this.#objects[i] as object));
    const text = JSON.stringify([root, this.#keys, nodes]);
    return { text, buffers: this.#buffers, others: this.#others };
  }

  #part(value: unknown): unknown {
    switch (typeof value) {
      case 'number':
        if (value === 0) return 1 / value < 0 ? [-6] : 0;
        if (Number.isFinite(value)) return value;
        return Number.isNaN(value) ? [-3] : [value > 0 ? -4 : -5];
      case 'string':
      case 'boolean':
        return value;
      case 'undefined':
        return [-1];
      case 'bigint':
        return [String(value)];
      case 'object':
        return value === null ? null : [this.#numberOf(value)];
      default:
        throw new TypeError(`A ${typeof value} cannot be copied`);
    }
  }

  #numberOf(object: object): number {
    const known = this.#numbers.get(object);
    if (known !== undefined) return known;
    const n = this.#objects.push(object) - 1;
    this.#numbers.set(object, n);
    return n;
  }

  #node(object: object): Node {
    if (Array.isArray(object)) return this.#list(object);
    const proto: unknown = Object.getPrototypeOf(object);
    if (proto === Object.prototype || proto === null) return this.#record(object);
    if (ArrayBuffer.isView(object)) return this.#view(object);
    return this.#byTag(object);
  }

  #list(list: readonly unknown[]): Node {
    if (isLongNumberList(list)) return ['n', this.#buffer(Float64Array.from(list).buffer)];
    if (isSparse(list)) {
      const keys = Object.keys(list);
      return ['s', list.length, ...keys.flatMap((key) => [Number(key), this.#part(list[Number(key)])])];
    }
    const node: Node = ['a'];
    for (let i = 0; i < list.length; i++) {
      const item = list[i];
      node.push(item === undefined && !(i in list) ? [HOLE] : this.#part(item));
    }
    return node;
  }

  #record(object: object): Node {
    const keys = Object.keys(object);
    const node: Node = ['o', this.#shapeOf(keys)];
    for (const key of keys) node.push(this.#part((object as Record<string, unknown>)[key]));
    return node;
  }

  #shapeOf(keys: readonly string[]): number {
    const last = this.#keys[this.#lastShape];
    if (last?.length === keys.length && last.every((key, i) => key === keys[i])) return this.#lastShape;
    const name = JSON.stringify(keys);
    const known = this.#shapes.get(name);
    this.#lastShape = known ?? this.#keys.push(keys) - 1;
    if (known === undefined) this.#shapes.set(name, this.#lastShape);
    return this.#lastShape;
  }

  #view(view: ArrayBufferView): Node {
    const { buffer, byteOffset, byteLength } = view;
    const length = (view as { readonly length?: number }).length ?? byteLength;
    return ['v', viewName(view), this.#numberOf(buffer), byteOffset, isLengthTracking(view) ? null : length];
  }

  #byTag(object: object): Node {
    switch (tagOf(object)) {
      case 'Map': {
        const node: Node = ['m'];
        for (const [key, value] of object as Map<unknown, unknown>)
          node.push(this.#part(key), this.#part(value));
        return node;
      }
      case 'Set':
        return ['e', ...Array.from(object as Set<unknown>, (item) => this.#part(item))];
      case 'Date':
        return ['d', this.#part((object as Date).getTime())];
      case 'RegExp':
        return ['r', (object as RegExp).source, (object as RegExp).flags];
      case 'Number':
      case 'String':
      case 'Boolean':
      case 'BigInt':
        return ['x', this.#part(object.valueOf())];
      case 'ArrayBuffer': {
        const buffer = object as ArrayBuffer;
        return ['b', this.#buffer(buffer), ...(buffer.resizable ? [buffer.maxByteLength] : [])];
      }
      default:
        return this.#host(object);
    }
  }

  #host(object: object): Node {
    const { bytesOnly = false, namesMemory = false } = this.#options;
    const form =
      bytesOnly && (namesMemory || tagOf(object) !== 'SharedArrayBuffer') ? hostForm(object) : null;
    if (!form) return ['t', this.#others.push(object) - 1];
    return ['h', form.name, this.#buffer(form.bytes), ...form.facts.map((fact) => this.#part(fact))];
  }

  #buffer(buffer: ArrayBuffer): number {
    return this.#buffers.push(buffer) - 1;
  }
}

/** The value again; `buffers` are its own from now on. */
export function unflatten({ text, buffers, others }: Flat): unknown {
  const [root, shapes, nodes] = JSON.parse(text) as [unknown, string[][], Node[]];
  return new Unflattener(nodes, shapes, buffers, others).run(root);
}

class Unflattener {
  readonly #nodes: readonly Node[];
  readonly #shapes: readonly (readonly string[])[];
  readonly #buffers: readonly ArrayBuffer[];
  readonly #others: readonly object[];
  readonly #objects: object[] = [];

  constructor(
    nodes: readonly Node[],
    shapes: readonly (readonly string[])[],
    buffers: readonly ArrayBuffer[],
    others: readonly object[],
  ) {
    this.#nodes = nodes;
    this.#shapes = shapes;
    this.#buffers = buffers;
    this.#others = others;
  }

  run(root: unknown): unknown {
    const views: number[] = [];
    this.#nodes.forEach((node, n) => {
      if (node[0] === 'v') views.push(n);
      else this.#objects[n] = this.#empty(node);
    });
    for (const n of views) this.#objects[n] = this.#view(this.#nodes[n] as Node);
    this.#nodes.forEach((node, n) => {
      this.#fill(node, this.#objects[n] as object);
    });
    return this.#part(root);
  }

  #part(part: unknown): unknown {
    if (typeof part !== 'object' || part === null) return part;
    const [what] = part as [number | string];
    if (typeof what === 'string') return BigInt(what);
    return what < 0 ? ODD[-what] : this.#objects[what];
  }

  /** What has contents gets them when everything is there. */
  #empty(node: Node): object {
    const [kind, first, second] = node;
    switch (kind) {
      case 'n':
        return Array.from(new Float64Array(this.#bufferAt(first)));
      case 'a':
      case 's':
        return [];
      case 'm':
        return new Map();
      case 'e':
        return new Set();
      case 'd':
        return new Date(this.#part(first) as number);
      case 'r':
        return new RegExp(first as string, second as string);
      case 'x':
        return Object(this.#part(first)) as object;
      case 'b':
        return second === undefined
          ? this.#bufferAt(first)
          : copyBuffer(this.#bufferAt(first), second as number);
      case 't':
        return this.#others[first as number] as object;
      case 'h':
        return hostFrom({
          name: first as string,
          bytes: this.#bufferAt(second),
          facts: node.slice(3).map((fact) => this.#part(fact)),
        });
      default:
        return {};
    }
  }

  #bufferAt(place: unknown): ArrayBuffer {
    const buffer = this.#buffers[place as number];
    if (!buffer) throw new TypeError('A part of this value did not arrive');
    return buffer;
  }

  #view([, type, buffer, offset, length]: Node): ArrayBufferView {
    return viewOfType(
      type as string,
      this.#objects[buffer as number] as ArrayBuffer,
      offset as number,
      length as number | null,
    );
  }

  #fill(node: Node, object: object): void {
    switch (node[0]) {
      case 'o': {
        const keys = this.#shapes[node[1] as number] ?? [];
        for (let i = 0; i < keys.length; i++) setField(object, keys[i] ?? '', this.#part(node[i + 2]));
        break;
      }
      case 'a':
        this.#fillList(node, object as unknown[]);
        break;
      case 's': {
        const list = object as unknown[];
        list.length = node[1] as number;
        for (let i = 2; i < node.length; i += 2) list[node[i] as number] = this.#part(node[i + 1]);
        break;
      }
      case 'm':
        for (let i = 1; i < node.length; i += 2)
          (object as Map<unknown, unknown>).set(this.#part(node[i]), this.#part(node[i + 1]));
        break;
      case 'e':
        for (let i = 1; i < node.length; i++) (object as Set<unknown>).add(this.#part(node[i]));
        break;
    }
  }

  #fillList(node: Node, list: unknown[]): void {
    for (let i = 1; i < node.length; i++) {
      const part = node[i];
      if (isHole(part)) list.length = i;
      else list.push(this.#part(part));
    }
  }
}

function isHole(part: unknown): boolean {
  return typeof part === 'object' && part !== null && (part as unknown[])[0] === HOLE;
}

function isLongNumberList(list: readonly unknown[]): list is readonly number[] {
  if (list.length < LONG) return false;
  for (let i = 0; i < list.length; i++) if (typeof list[i] !== 'number') return false;
  return true;
}

/** `__proto__` is an ordinary key of data; assigning it would set the prototype. */
export function setField(target: object, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    (target as Record<string, unknown>)[key] = value;
  }
}
