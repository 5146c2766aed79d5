/**
 * In Firefox a worker that makes a worker may wait for ever inside `new Worker`, one time in some twenty (seen in 153,
 * in a page without anything else; requests, imports and sockets that wait in the same place never did in 2,000
 * tries). The thread hears nothing from then on, and not even `terminate` ends it. So there it is refused, with an
 * error that says what to take instead.
 */
export function refuseNestedWorkers(scope: object, userAgent = navigator.userAgent): void {
  const native = (scope as { readonly Worker?: typeof Worker }).Worker;
  if (!isGecko(userAgent) || native === undefined) return;
  const refusing = new Proxy(native, {
    construct() {
      throw new Error(
        'Code of a cell starts no workers in Firefox, which may then hang for ever. Use engines (rc.scale(n), view.apply).',
      );
    },
  });
  Object.defineProperty(native.prototype, 'constructor', { value: refusing });
  Object.defineProperty(scope, 'Worker', { value: refusing, writable: true, configurable: true });
}

/** Others name it, too: “like Gecko”. */
const isGecko = (userAgent: string): boolean => /\bGecko\/\d/.test(userAgent);
