import { afterEach, beforeAll, expect, test } from 'vitest';
import type { Client } from '../client/client.ts';
import { buildEngineThread, closeThreads, threadCluster } from '../testing/thread-cluster.ts';
import { threadKernel, type ThreadKernel } from '../testing/thread-kernel.ts';
import { buildThread } from '../testing/thread-script.ts';

/**
 * Whatever users' code calls its variables, the machinery that runs it goes on: every name that a thread's global has
 * gets another value, one after another, on every way there is, and the smoke story runs after each.
 */
let kernelThread: string;
let kernel: ThreadKernel | null = null;
beforeAll(async () => {
  await buildEngineThread();
  kernelThread = await buildThread('kernel-thread');
}, 120_000);
afterEach(() => {
  closeThreads();
  kernel?.close();
  kernel = null;
});

declare const sleep: (seconds: number) => Promise<void>;
declare const pushed: unknown;

/** Of the thread in which it runs. */
function allNames(): string[] {
  const names = new Set<string>();
  for (let o: unknown = globalThis; o; o = Object.getPrototypeOf(o)) {
    for (const name of Object.getOwnPropertyNames(o)) names.add(name);
  }
  return [...names];
}

/** What the story itself uses, what nobody may declare, and the thread's own. */
const KEPT = /^(globalThis|eval|undefined|NaN|Infinity|console|sleep|rc|__\w+)$/;
const namesOf = (all: readonly string[]): string[] =>
  all.filter((name) => /^[A-Za-z_$][\w$]*$/.test(name) && !KEPT.test(name));

async function engineStory(rc: Client): Promise<unknown> {
  const e0 = rc.at(0);
  const printed = e0.execute('console.log("hi", [1, { a: new (class A {})() }])', { block: false });
  const answers = await Promise.all([
    printed,
    e0.apply((a: number, b: number[]) => a + b.length, 1, [2, 3]),
    rc.loadBalancedView().map((x: number) => x * 2, [1, 2, 3]),
    e0.execute('throw "thrown"').then(String, String),
    e0.push({ pushed: new Float64Array([1, 2]) }),
    e0.pull('pushed'),
    e0.apply(async () => {
      await sleep(0.001);
      return pushed;
    }),
  ]);
  return [printed.stdout, ...answers.slice(1)];
}

const OVERDUE = 20_000;
/** Reports what hangs, rather than hang. */
function inTime(story: Promise<unknown>): Promise<unknown> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, OVERDUE, 'it hangs');
    void story.catch(String).then((told) => {
      clearTimeout(timer);
      resolve(told);
    });
  });
}

test('all names of an engine, declared in a cell and pushed', async () => {
  const { rc } = await threadCluster(1);
  const e0 = rc.at(0);
  const names = namesOf(await e0.apply(allNames));
  expect(names.length).toBeGreaterThan(60);
  const right = await engineStory(rc);
  for (const name of names) {
    await e0.execute(`const ${name} = { run: 1 }`);
    expect(await inTime(engineStory(rc)), `const ${name}`).toEqual(right);
    await e0.push({ [name]: 5 });
    expect(await inTime(engineStory(rc)), `push ${name}`).toEqual(right);
    await rc.clear();
  }
});

test('all names of the kernel', async () => {
  kernel = await threadKernel(kernelThread, 1);
  const run = (source: string) => kernel?.run(source).then(({ text }) => text) ?? Promise.reject(new Error());
  const story = () =>
    run(`%px p = 7; console.log(p)
      console.log("hi", [1, { a: new (class A {})() }])
      console.log(await rc[0].apply((a, b) => [a, b], 1, { c: [2] }))
      console.log(await rc.loadBalancedView().map((x) => x * 2, [1, 2, 3]))
      throw "thrown"`);
  const text = await run(
    `defineBack = Object.defineProperty; console.log((${allNames.toString()})().join(' '))`,
  );
  const names = namesOf(text.trim().split(' '));
  expect(names.length).toBeGreaterThan(60);
  const right = await story();
  expect(right).toContain('Error: thrown');
  for (const name of names) {
    await run(`was = ({}).constructor.getOwnPropertyDescriptor(globalThis, '${name}')`);
    const imported = `import { x as ${name} } from 'data:text/javascript,export const x = { run: 1 }'`;
    expect(await run(imported)).toBe('');
    expect(await inTime(story()), `import ${name}`).toEqual(right);
    const asleep = inTime(run('await sleep(60)'));
    kernel.interrupt();
    expect(await asleep, `interrupt after import ${name}`).toContain('KeyboardInterrupt');
    await run(`const ${name} = { run: 1 }`);
    expect(await inTime(story()), `const ${name}`).toEqual(right);
    await run(`was ? defineBack(globalThis, '${name}', was) : delete globalThis['${name}']`);
  }
});

declare const replaceMethod: (i: number) => void;

/** Makes `replaceMethod` in a realm of users, which needs no method itself; gives the methods that it can replace. */
function methodsToReplace(): string[] {
  const { getOwnPropertyDescriptor, defineProperty, ownKeys, getPrototypeOf } = Reflect;
  const classes =
    'Object Function Array String Number Boolean Symbol BigInt Promise Map Set WeakMap WeakSet WeakRef RegExp Date ' +
    'Error ArrayBuffer SharedArrayBuffer DataView Float64Array Uint8Array JSON Math Reflect Atomics TextEncoder ' +
    'TextDecoder';
  const owners: [string, object][] = [];
  for (const name of classes.split(' ')) {
    const one = (globalThis as never as Record<string, { prototype?: object }>)[name];
    if (one?.prototype) owners.push([`${name}.prototype`, one.prototype]);
    if (one) owners.push([name, one]);
  }
  const up = (value: unknown) => getPrototypeOf(value as object) as object;
  owners.push(['TypedArray.prototype', up(Uint8Array.prototype)], ['TypedArray', up(Uint8Array)]);
  owners.push(['ArrayIterator', up([].values())], ['MapIterator', up(new Map().keys())]);
  owners.push(['SetIterator', up(new Set().keys())], ['Iterator', up(up([].values()))]);
  owners.push(['Generator', up(up((function* () {})()))]);
  const found = owners.flatMap(([name, owner]) =>
    ownKeys(owner).flatMap((key) => {
      const descriptor = getOwnPropertyDescriptor(owner, key);
      const isMethod = typeof descriptor?.value === 'function' || descriptor?.get;
      const isKept = key === 'constructor' || key === '__proto__' || key === 'stackTraceLimit';
      if (!isMethod || isKept || descriptor.configurable !== true) return [];
      return [{ name: `${name}.${String(key)}`, owner, key, descriptor }];
    }),
  );
  // What every object inherits then.
  found.push({
    name: 'an added then',
    owner: Object.prototype,
    key: 'added',
    descriptor: { value: 1, configurable: true },
  });
  const bad = () => {
    throw new Error('replaced');
  };
  const replace = (i: number): void => {
    const one = found[i];
    if (!one) return;
    const { owner, key, descriptor } = one;
    defineProperty(owner, key, { ...descriptor, ...('value' in descriptor ? { value: bad } : { get: bad }) });
  };
  Object.defineProperty(globalThis, 'replaceMethod', { value: replace });
  return found.map(({ name }) => name);
}

/** Node itself ends where these fail. */
const NODES = new Set(['Array.prototype.pop', 'Array.Symbol(Symbol.species)', 'TypedArray.prototype.length']);
/** So many are replaced between two stories. */
const AT_ONCE = 25;

test('methods of the language, replaced on an engine one after another, hold for users alone', async () => {
  const { rc } = await threadCluster(1);
  const e0 = rc.at(0);
  const names = await e0.apply(methodsToReplace);
  expect(names.length).toBeGreaterThan(400);
  const right = await engineStory(rc);
  for (const [i, name] of names.entries()) {
    if (NODES.has(name)) continue;
    await e0.apply((n: number) => {
      replaceMethod(n);
    }, i);
    if (i % AT_ONCE === 0) expect(await inTime(engineStory(rc)), name).toEqual(right);
  }
  const said = await e0.apply(async () => {
    const before = ('a' as { trim?: unknown }).trim;
    await sleep(0.001);
    try {
      return [[1].map(Number)];
    } catch (error) {
      return [(error as Error).message, before === ('a' as { trim?: unknown }).trim];
    }
  });
  expect(said).toEqual(['replaced', true]);
});

test('methods of the language, replaced in the kernel', async () => {
  kernel = await threadKernel(kernelThread, 1);
  const run = (source: string) => kernel?.run(source).then(({ text }) => text) ?? Promise.reject(new Error());
  const story = () =>
    run(`%px p = 7; console.log(p)
      console.log("hi", [1, { a: new (class A {})() }])
      console.log(await rc[0].apply((a, b) => [a, b], 1, { c: [2] }), rc.ids, rc[0].applySync((x) => x, 4))
      console.log(await rc.loadBalancedView().map((x) => x * 2, [1, 2, 3]))
      throw "thrown"`);
  const count = Number(
    await run(`methods = (${methodsToReplace.toString()})(); console.log(methods.length); void 0`),
  );
  expect(count).toBeGreaterThan(400);
  const right = await story();
  expect(right).toContain('Error: thrown');
  const names = (await run('console.log(methods.join())')).trim().split(',');
  for (const [i, name] of names.entries()) {
    if (NODES.has(name)) continue;
    expect(await inTime(run(`replaceMethod(${String(i)})`)), name).toBe('');
    if (i % AT_ONCE === 0) expect(await inTime(story()), name).toBe(right);
  }
  expect(await run('try { console.log([1].map(Number)) } catch (e) { console.log(e.message) }')).toBe(
    'replaced\n',
  );
});
