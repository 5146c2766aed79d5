/**
 * The frame's main thread runs our own text and no other: a window has powers (WebRTC, the keyboard's focus, hooks on
 * every port) that no worker has. From here on text becomes no code in it: not by `eval`, by `Function` and its three
 * siblings, nor by timers. What of ours comes later comes as a module, by `import()`.
 */
export function lockWindow(): void {
  const fix = (target: object, name: string, value: unknown): void => {
    Object.defineProperty(target, name, { value, writable: false, configurable: false });
  };
  const refuse = function (): never {
    throw new EvalError('No text is run as code here.');
  };
  // `instanceof Function` goes on working.
  Object.defineProperty(refuse, 'prototype', { value: Function.prototype });
  const kinds: readonly object[] = [
    () => undefined,
    async () => Promise.resolve(),
    function* () {
      yield;
    },
    async function* () {
      yield Promise.resolve();
    },
  ];
  for (const kind of kinds) fix(Object.getPrototypeOf(kind) as object, 'constructor', refuse);
  fix(globalThis, 'eval', refuse);
  fix(globalThis, 'Function', refuse);
  for (const name of ['setTimeout', 'setInterval'] as const) {
    const start = globalThis[name];
    fix(globalThis, name, (handler: unknown, ...rest: unknown[]): unknown =>
      typeof handler === 'function'
        ? (Reflect.apply(start, globalThis, [handler, ...rest]) as unknown)
        : refuse(),
    );
  }
}
