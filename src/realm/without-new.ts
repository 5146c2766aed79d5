/**
 * Classes that can be called as Python's are: `Client()` and `new Client()` are the same, `throw KeyError('x')` works as
 * `throw TypeError('x')` does.
 */
export function withoutNew<C extends abstract new (...args: never[]) => object>(Class: C): C {
  const callable: C = new Proxy(Class, {
    apply: (target, _self, args) => Reflect.construct(asAny(target), args, asAny(callable)) as object,
  });
  Object.defineProperty(Class.prototype, 'constructor', {
    value: callable,
    configurable: true,
    writable: true,
  });
  return callable;
}

function asAny(Class: unknown): new () => object {
  return Class as new () => object;
}

/** Classes by name, all of them so that they can be called without `new`. */
export function classesWithoutNew<Classes extends Record<string, abstract new (...args: never[]) => object>>(
  classes: Classes,
): Classes {
  return Object.fromEntries(
    Object.entries(classes).map(([name, Class]) => [name, withoutNew(Class)]),
  ) as Classes;
}

/** Of a module's exports, the errors' classes, so that they can be called without `new`. */
export function errorsWithoutNew(
  exported: Readonly<Record<string, unknown>>,
): Record<string, abstract new (...args: never[]) => object> {
  return Object.fromEntries(
    Object.entries(exported).flatMap(([name, value]) => {
      const isError = typeof value === 'function' && value.prototype instanceof Error;
      return isError ? [[name, withoutNew(value as unknown as abstract new () => object)] as const] : [];
    }),
  );
}
