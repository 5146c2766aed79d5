import { parse, type Node } from 'acorn';

/**
 * Marks in a finished script where code of ours begins to run and where it leaves off, when nobody of ours has called
 * it: in what the platform calls back, in what goes on after an `await`, and in generators. What is done there is
 * told in `src/base/primordials.ts`, which knows the ground by the name `$tuttiGround`.
 */
export function withOwnGround(code: string, sourceType: 'module' | 'script'): string {
  const program = parse(code, { ecmaVersion: 'latest', sourceType, allowHashBang: true });
  const inserts: Insert[] = [];
  mark(program, null, { code, inserts });
  const first = program.body.find(
    (statement) => !('directive' in statement) && statement.type !== 'ImportDeclaration',
  );
  inserts.push({ at: first?.start ?? code.length, text: `${GROUND}\n`, rank: -1 });
  return applied(code, inserts);
}

/**
 * `$in`, `$out`: into code of ours and out of it. `$callback(f)`: f as it is called from outside; `$listener(f)`: always
 * the same for the same f. `$traps(handler)`: a Proxy's. `$Part`: of a function that runs in parts: `a`way, `b`ack (also as `r`eturned by an error),
 * at the `e`nd. What ends with a promise is followed by the platform afterwards, by its `then`: a `$later` has its own.
 */
const GROUND =
  `const $tuttiGround={depth:0,active:null};` +
  `const $in=()=>{if($tuttiGround.depth++===0&&$tuttiGround.active!==null)$tuttiGround.active.take()};` +
  `const $out=()=>{if(--$tuttiGround.depth===0&&$tuttiGround.active!==null)$tuttiGround.active.give()};` +
  `const {apply:$apply,ownKeys:$keys}=Reflect,$listeners=new WeakMap(),$known=$listeners.get.bind($listeners),` +
  `$learn=$listeners.set.bind($listeners);` +
  `const $Promise=Promise,{then:$then}=Promise.prototype,$isPromise=v=>v instanceof $Promise;` +
  `const $later=v=>$isPromise(v)?{then(...a){$in();try{return $apply($then,v,a)}finally{$out()}}}:v;` +
  `const $callback=f=>typeof f!=='function'?f:function(...a){$in();try{return $later($apply(f,this,a))}finally{$out()}};` +
  `const $listener=f=>{if(typeof f!=='function')return f;let l=$known(f);if(!l)$learn(f,l=$callback(f));return l};` +
  `const $traps=h=>{const t={__proto__:null};for(const k of $keys(h)){const f=h[k];` +
  `t[k]=(...a)=>{$in();try{return $apply(f,h,a)}finally{$out()}}}return t};` +
  `class $Part{away=false;constructor(){$in()}` +
  `a(v){if(!this.away){this.away=true;$out()}return v}` +
  `b(v){this.r();return v}` +
  `r(){if(this.away){this.away=false;$in()}}` +
  `e(){if(!this.away){this.away=true;$out()}}}`;

interface Insert {
  readonly at: number;
  readonly text: string;
  /** At one place: what closes first, what opens from the outside to the inside. */
  readonly rank: number;
}

interface Script {
  readonly code: string;
  readonly inserts: Insert[];
}

type Tree = Node & Record<string, unknown>;

const FUNCTION = /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/;
const CALLED_BACK = new Set([
  'then',
  'catch',
  'finally',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'nextTurn',
]);
const LISTENED = new Set(['addEventListener', 'removeEventListener', 'on', 'once', 'off']);
const HANDLER = /^on(message|messageerror|error|open|close|abort)$/;
/** What may be a function. A list in brackets of its own (`(a, b)`) is none. */
const MAY_BE_FUNCTION =
  /^(FunctionExpression|ArrowFunctionExpression|Identifier|MemberExpression|CallExpression|ConditionalExpression|LogicalExpression|ObjectExpression)$/;

function mark(node: Tree | Node, inside: Tree | null, script: Script): void {
  const tree = node as Tree;
  const within = FUNCTION.test(tree.type) ? beginFunction(tree, script) : inside;
  if (within) markPart(tree, within, script);
  markCallback(tree, script);
  for (const [key, child] of Object.entries(tree)) {
    if (key === 'type') continue;
    for (const one of Array.isArray(child) ? (child as unknown[]) : [child])
      if (isNode(one)) mark(one, within, script);
  }
}

function isNode(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && typeof (value as Tree).type === 'string';
}

/** The function, when it runs in parts. */
function beginFunction(fn: Tree, { code, inserts }: Script): Tree | null {
  if (fn['async'] !== true && fn['generator'] !== true) return null;
  const body = fn['body'] as Tree;
  if (body.type !== 'BlockStatement') {
    const arrow = code.lastIndexOf('=>', body.start) + 2;
    inserts.push({ at: arrow, text: '{const $s=new $Part;try{return $later(', rank: 1 });
    inserts.push({ at: fn.end, text: ')}finally{$s.e()}}', rank: 0 });
    return fn;
  }
  const statements = body['body'] as (Tree & { readonly directive?: string })[];
  const directives = statements.filter((one) => one.directive !== undefined);
  if (statements.length === 0) return fn;
  inserts.push({ at: directives.at(-1)?.end ?? body.start + 1, text: ';const $s=new $Part;try{', rank: 1 });
  inserts.push({ at: body.end - 1, text: '}finally{$s.e()}', rank: 0 });
  return fn;
}

function markPart(node: Tree, fn: Tree, { code, inserts }: Script): void {
  const around = (keyword: number) => {
    inserts.push({ at: node.start, text: '$s.b(', rank: 1 });
    inserts.push({ at: keyword, text: ' $s.a(', rank: 1 });
    inserts.push({ at: node.end, text: '))', rank: 0 });
  };
  switch (node.type) {
    case 'AwaitExpression':
      around(node.start + 'await'.length);
      return;
    case 'YieldExpression':
      if (node['argument'] === null) {
        inserts.push({ at: node.start, text: '$s.b(', rank: 1 });
        inserts.push({ at: node.end, text: ' $s.a())', rank: 0 });
        return;
      }
      around(node['delegate'] === true ? code.indexOf('*', node.start) + 1 : node.start + 'yield'.length);
      return;
    case 'CatchClause':
      inserts.push({ at: (node['body'] as Tree).start + 1, text: '$s.r();', rank: 1 });
      return;
    case 'TryStatement': {
      const last = node['finalizer'] as Tree | null;
      if (last) inserts.push({ at: last.start + 1, text: '$s.r();', rank: 1 });
      return;
    }
    case 'ForOfStatement':
      if (node['await'] === true) throw new Error('for await cannot be marked: await the items one by one');
      return;
    case 'ReturnStatement': {
      if (!node['argument'] || fn['async'] !== true) return;
      const by = fn['generator'] === true ? '$s.a' : '$later';
      inserts.push({ at: node.start + 'return'.length, text: ` ${by}(`, rank: 1 });
      inserts.push({ at: code[node.end - 1] === ';' ? node.end - 1 : node.end, text: ')', rank: 0 });
    }
  }
}

function markCallback(node: Tree, { inserts }: Script): void {
  const wrap = (value: Tree, by: string) => {
    if (!MAY_BE_FUNCTION.test(value.type)) return;
    inserts.push({ at: value.start, text: `${by}(`, rank: 1 });
    inserts.push({ at: value.end, text: ')', rank: 0 });
  };
  if (node.type === 'CallExpression') {
    const name = nameOf(node['callee'] as Tree);
    const by = CALLED_BACK.has(name) ? '$callback' : LISTENED.has(name) ? '$listener' : null;
    if (by !== null) for (const argument of node['arguments'] as Tree[]) wrap(argument, by);
  }
  if (node.type === 'NewExpression') {
    const made = nameOf(node['callee'] as Tree);
    const [first, second] = node['arguments'] as Tree[];
    if (made === 'FinalizationRegistry' && first) wrap(first, '$callback');
    if (made === 'Proxy' && second) wrap(second, '$traps');
  }
  if (node.type === 'AssignmentExpression' && HANDLER.test(nameOf(node['left'] as Tree)))
    wrap(node['right'] as Tree, '$listener');
}

/** `f` of `f` and of `a.f`. */
function nameOf(node: Tree): string {
  if (node.type === 'Identifier') return String(node['name']);
  return node.type === 'MemberExpression' && node['computed'] !== true
    ? nameOf(node['property'] as Tree)
    : '';
}

function applied(code: string, inserts: readonly Insert[]): string {
  // Sorting is stable: outer nodes come first, and so close last.
  const sorted = inserts
    .map((insert, i) => ({ ...insert, order: insert.rank === 0 ? -i : i }))
    .sort((a, b) => a.at - b.at || a.rank - b.rank || a.order - b.order);
  let text = '';
  let done = 0;
  for (const { at, text: inserted } of sorted) {
    text += code.slice(done, at) + inserted;
    done = at;
  }
  return text + code.slice(done);
}
