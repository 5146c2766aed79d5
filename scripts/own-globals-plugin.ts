import { parse, type Program } from 'acorn';
import { analyze } from 'eslint-scope';
import type { Plugin } from 'vite';
import { withOwnGround } from './own-ground.ts';

interface OwnGlobalsOptions {
  /** Whether methods that users replace hold for their code alone, too (`own-ground.ts`). For scripts of one chunk. */
  readonly ground?: boolean;
}

/**
 * Code that shares its realm with users' code may not look up a name there: cells, `push` and `%px` give names of the
 * language and of the platform other values (`const performance = 3`), on purpose or not. So the finished script,
 * libraries in it included, takes all global names that it uses once, at its start, and keeps them in its own scope.
 *
 * `globalThis` becomes an object that has the names as they were, for code that looks one up by its text. Who needs
 * the living global, to run users' code in it, asks the evaluator (`eval`) or, in a worker, `self`.
 */
export function ownGlobals({ ground = true }: OwnGlobalsOptions = {}): Plugin {
  return {
    name: 'tutti-own-globals',
    enforce: 'post',
    renderChunk: {
      order: 'post',
      handler: (code, _chunk, { format }) => {
        const sourceType = format === 'es' ? 'module' : 'script';
        return withOwnGlobals(ground ? withOwnGround(code, sourceType) : code, sourceType);
      },
    },
  };
}

/**
 * What cannot be declared, or cannot be changed by anybody. `eval` means another thing under another name. `console` is
 * the cell's own, which the realm puts there after this start: what a client prints shows where the cell prints.
 */
const FIXED = new Set(['arguments', 'eval', 'undefined', 'NaN', 'Infinity', 'console']);
const OWN = '$tuttiGlobals';
/** Names that are worked out when they are asked (`performance` in a worker) are not in it: asking has effects. */
const TAKEN =
  `(g=>{const own={__proto__:null};for(const k of Reflect.ownKeys(g)){` +
  `const d=Object.getOwnPropertyDescriptor(g,k);if(d&&'value' in d)own[k]=d.value}` +
  `own.globalThis=own;return own})(globalThis)`;

/** Takes the code of a module or of a classic script; gives one that looks global names up at its start only. */
export function withOwnGlobals(code: string, sourceType: 'module' | 'script'): string {
  const program = parse(code, { ecmaVersion: 'latest', sourceType, ranges: true, allowHashBang: true });
  const free = freeIdentifiers(program, sourceType);
  const names = new Set(free.map((one) => one.name).filter((name) => !FIXED.has(name)));
  names.delete('globalThis');
  const globals = free.filter((one) => one.name === 'globalThis');
  const own = renamed(code, globals);
  const declaration =
    (names.size === 0 ? '' : `const {${[...names].join(',')}}=globalThis;`) +
    (globals.length === 0 ? '' : `const ${OWN}=${TAKEN};`);
  const shebang = /^#!.*\n/.exec(own)?.[0] ?? '';
  const body = own.slice(shebang.length);
  return sourceType === 'module'
    ? `${shebang}${declaration}\n${body}`
    : `${shebang}(()=>{${declaration}\n${body}\n})();\n`;
}

interface FreeIdentifier {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

function freeIdentifiers(program: Program, sourceType: 'module' | 'script'): readonly FreeIdentifier[] {
  const { globalScope } = analyze(program as Parameters<typeof analyze>[0], {
    ecmaVersion: 2025,
    sourceType,
  });
  return (globalScope?.through ?? []).map((reference) => {
    const { name, range } = reference.identifier;
    if (reference.isWrite())
      throw new Error(`A script that shares its realm assigns the global name ${name}`);
    const [start, end] = range ?? [0, 0];
    return { name, start, end };
  });
}

function renamed(code: string, identifiers: readonly FreeIdentifier[]): string {
  let text = '';
  let done = 0;
  for (const { name, start, end } of identifiers.toSorted((a, b) => a.start - b.start)) {
    if (code.slice(start, end) !== name) throw new Error(`${name} stands in a form that cannot be renamed`);
    text += code.slice(done, start) + OWN;
    done = end;
  }
  return text + code.slice(done);
}
