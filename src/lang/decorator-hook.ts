/**
 * Decorators at run time, by the rules of the language's stage 3. Generated code (`lower-decorators.ts`) calls
 * the one global of this name; the realm that runs cells must install `createDecoratorHook()`.
 */
export const DECORATOR_HOOK = '__tuttiDecorate';

type Decorate = (this: unknown, value: unknown, context: object) => unknown;
type Initializer = (this: unknown, value?: unknown) => unknown;
type AnyClass = (new (...args: never[]) => object) & { readonly prototype: object };
export type MemberKind = 'method' | 'getter' | 'setter' | 'field';

interface Member {
  readonly kind: MemberKind;
  readonly isStatic: boolean;
  readonly decorators: readonly Decorate[];
  name: string | symbol;
  /** Of a field: what its value goes through. */
  readonly initializers: Initializer[];
}

interface Decorated {
  readonly members: readonly Member[];
  /** What runs for each new object, before its fields. */
  readonly instance: Initializer[];
  readonly metadata: object;
}

/** What lowered classes call. `site` tells the classes of a text apart, `index` the decorated members of one. */
export interface DecoratorHook {
  /** In a computed key of its own, in front of the member: keeps its decorators until it is their turn. */
  member(
    at: readonly [site: number, index: number],
    decorators: readonly Decorate[],
    kind: MemberKind,
    isStatic: boolean,
    name: string,
  ): symbol;
  /** Around the computed key of that member. */
  key(site: number, key: unknown): string | symbol;
  /** In the first static block, when all members are there and no static field is. */
  apply(site: number, type: AnyClass, name: string): void;
  /** In the first field of each new object. */
  init(self: object, type: AnyClass): void;
  /** Around the value of the class's decorated member number `index`, a field. */
  field(self: object, type: AnyClass, index: number, value: unknown): unknown;
  /** Around a class with decorators of its own. */
  type(decorators: readonly Decorate[], type: AnyClass, name: string): unknown;
  /** `@object.name`: it is called as a method. */
  method(object: object, name: string): Decorate;
}

/** What anonymous classes are called on the way, so that their own code can name them. */
export const ANONYMOUS_CLASS = '__tuttiClass';

/** The key of the getters whose keys carry the decorators; it is gone before user code sees the class. */
const CARRIER = Symbol('decorators');

export function createDecoratorHook(): DecoratorHook {
  /** Classes whose bodies are being evaluated: one may stand in another's decorators, so the last comes first. */
  const open: { readonly site: number; readonly members: Member[] }[] = [];
  const done = new WeakMap<object, Decorated>();
  const openAt = (site: number) => open.findLastIndex((one) => one.site === site);
  return {
    member([site, index], decorators, kind, isStatic, name) {
      if (index === 0) open.push({ site, members: [] });
      for (const one of decorators) checkDecorator(one, name);
      open[openAt(site)]?.members.push({ kind, isStatic, decorators, name, initializers: [] });
      return CARRIER;
    },
    key(site, key) {
      const name = typeof key === 'symbol' ? key : String(key);
      const member = open[openAt(site)]?.members.at(-1);
      if (member) member.name = name;
      return name;
    },
    apply(site, type, name) {
      const [{ members } = { members: [] }] = open.splice(openAt(site));
      nameClass(type, name);
      Reflect.deleteProperty(type, CARRIER);
      const decorated: Decorated = { members, instance: [], metadata: metadataFor(type) };
      done.set(type, decorated);
      const own: Initializer[] = [];
      for (const member of inOrder(members))
        decorate(type, member, member.isStatic ? own : decorated.instance, decorated.metadata);
      for (const run of own) run.call(type);
    },
    init(self, type) {
      for (const run of done.get(type)?.instance ?? []) run.call(self);
    },
    field(self, type, index, value) {
      const { initializers = [] } = done.get(type)?.members[index] ?? {};
      return initializers.reduce((now, run) => run.call(self, now), value);
    },
    type(decorators, type, name) {
      for (const one of decorators) checkDecorator(one, name);
      nameClass(type, name);
      const metadata = done.get(type)?.metadata ?? metadataFor(type);
      const initializers: Initializer[] = [];
      let result: unknown = type;
      for (const decorator of decorators.toReversed()) {
        const context = { kind: 'class', name: type.name, metadata, addInitializer: adder(initializers) };
        result = apply(decorator, undefined, result, context, `class ${type.name}`) ?? result;
      }
      for (const run of initializers) run.call(result);
      return result;
    },
    method(object, name) {
      const decorator = (object as Record<string, unknown>)[name];
      checkDecorator(decorator, name);
      return (value, context) => apply(decorator, object, value, context, name);
    },
  };
}

/** The language's order: methods and accessors before fields, and of each kind the static ones first. */
function inOrder(members: readonly Member[]): readonly Member[] {
  const rank = ({ kind, isStatic }: Member) => (kind === 'field' ? 2 : 0) + (isStatic ? 0 : 1);
  return members.toSorted((a, b) => rank(a) - rank(b));
}

function decorate(type: AnyClass, member: Member, initializers: Initializer[], metadata: object): void {
  const { kind, isStatic, name } = member;
  const home = isStatic ? type : type.prototype;
  const descriptor = Object.getOwnPropertyDescriptor(home, name) ?? {};
  const part = PARTS[kind];
  let value: unknown = part && Reflect.get(descriptor, part);
  for (const decorator of member.decorators.toReversed()) {
    const context = {
      kind,
      name,
      static: isStatic,
      private: false,
      metadata,
      access: accessTo(kind, name),
      addInitializer: adder(initializers),
    };
    const result = apply(decorator, undefined, value, context, String(name));
    if (result === undefined) continue;
    if (part) value = result;
    else member.initializers.unshift(result);
  }
  if (part) Object.defineProperty(home, name, { ...descriptor, [part]: value });
}

const PARTS = { method: 'value', getter: 'get', setter: 'set', field: null } as const;

function accessTo(kind: MemberKind, name: string | symbol): object {
  const has = (object: object) => name in object;
  const get = (object: object) => Reflect.get(object, name) as unknown;
  const set = (object: object, value: unknown) => {
    (object as Record<string | symbol, unknown>)[name] = value;
  };
  if (kind === 'field') return { has, get, set };
  return kind === 'setter' ? { has, set } : { has, get };
}

/** At the place of the decorator, so that the error is told from there. */
function checkDecorator(decorator: unknown, what: string): asserts decorator is Decorate {
  if (typeof decorator === 'function') return;
  throw new TypeError(`The decorator${what === '' ? '' : ` of ${what}`} is not a function`);
}

/** A decorator's answer: another value in the place of the old one, or undefined. */
function apply(
  decorator: Decorate,
  self: unknown,
  value: unknown,
  context: object,
  what: string,
): Initializer | undefined {
  const result: unknown = decorator.call(self, value, context);
  if (result === undefined || typeof result === 'function') return result as Initializer | undefined;
  throw new TypeError(`A decorator gives a function or nothing; that of ${what} gave ${typeof result}`);
}

function adder(initializers: Initializer[]): (run: unknown) => void {
  return (run) => {
    if (typeof run !== 'function') throw new TypeError('addInitializer takes a function');
    initializers.push(run as Initializer);
  };
}

/** An anonymous class is called by what it is assigned to, unless it has a static member `name`. */
function nameClass(type: AnyClass, name: string): void {
  const own = Object.getOwnPropertyDescriptor(type, 'name');
  if (own?.value === ANONYMOUS_CLASS || (own?.value === '' && name !== ''))
    Object.defineProperty(type, 'name', { ...own, value: name });
}

/** What a class's decorators share; inherited, where the language has a place for it. */
function metadataFor(type: AnyClass): object {
  const symbol = (Symbol as { readonly metadata?: symbol }).metadata;
  const inherited: unknown = symbol && Reflect.get(type, symbol);
  const metadata = Object.create(typeof inherited === 'object' ? inherited : null) as object;
  if (symbol) Object.defineProperty(type, symbol, { value: metadata, configurable: true });
  return metadata;
}
