import { areEndsOf, areItemsOf, endAt, itemRequest, type CallItems, type Ends } from './calls.ts';
import type { FromController, ToController } from './client-messages.ts';
import type { FromEngine, ToEngine } from './engine-messages.ts';
import { MsgId, type ClientId, type EngineId, type EngineUuid } from './ids.ts';
import type { Packed } from './packed.ts';
import type { Outcome, RunFacts } from './replies.ts';
import type { EngineRequest, Submission } from './requests.ts';
import { restored, shortened } from './short-messages.ts';
import { isPrimitive, isSmallData } from './small-data.ts';

export { isPrimitive };

/**
 * Messages about many tasks of one call are alike: the same function and terms, other ids, items, times, results. For
 * a structured clone each is a tree of a dozen objects, which costs many times what handling it does. So what one turn
 * posts is looked through, and a run of alike messages crosses as one: what they have in common once, the rest as
 * columns. Whoever receives it gets the messages that were posted; nobody else knows of runs.
 *
 * What is told of one task stays in order. Of different tasks, it may be told that an engine has them before it is
 * told that others have ended.
 */
export function intoRuns(batch: readonly unknown[]): readonly unknown[] {
  if (batch.length < LEAST) return batch.map(shortened);
  const writer = new RunWriter();
  for (const message of batch) writer.add(message);
  return writer.finish();
}

/** The messages of a batch, those of runs too. A run that is none (code of users can post what it likes) is nothing. */
export function outOfRuns(batch: readonly unknown[]): readonly unknown[] {
  if (!batch.some((message) => isRun(message) || Array.isArray(message))) return batch;
  const messages: unknown[] = [];
  for (const message of batch) {
    if (Array.isArray(message)) {
      const whole = restored(message);
      if (whole !== undefined) messages.push(whole);
    } else if (!isRun(message)) messages.push(message);
    else if (isWhole(message)) unroll(message, messages);
  }
  return messages;
}

/** Fewer are not worth it. */
const LEAST = 4;

/** Any of the messages that run together. */
type Alike =
  | Extract<ToController, { readonly type: 'submit' }>
  | Extract<FromController, { readonly type: 'assigned' | 'settled' }>
  | Extract<ToEngine, { readonly type: 'request' }>
  | Extract<FromEngine, { readonly type: 'reply' }>;
type AlikeOf<Type extends Alike['type']> = Extract<Alike, { readonly type: Type }>;

/** A message about a task, and how it was addressed: bare, or to one of the clusters of a kernel. */
interface Letter<Message extends Alike = Alike> {
  readonly whole: unknown;
  readonly message: Message;
  readonly msgId: MsgId;
  readonly address: Address;
}

/** Null: bare. `cluster`: see `FromKernel`; undefined is the notebook's own. */
type Address = { readonly cluster: number | undefined } | null;

interface RunBase<Kind extends Alike['type']> {
  readonly type: 'tutti-run';
  readonly kind: Kind;
  readonly address: Address;
  /** Of the ids: `client_number`. */
  readonly client: ClientId;
  readonly numbers: Float64Array;
}

type Run =
  | (RunBase<'submit'> &
      CallItems & {
        readonly common: Omit<Submission, 'msgId' | 'submitted' | 'request'>;
        readonly submitted: Float64Array;
      })
  | (RunBase<'request'> & CallItems & { readonly abortsQueueOnError: boolean; readonly sender: string })
  | (RunBase<'assigned'> & { readonly engines: Float64Array })
  | (RunBase<'reply'> & Ends)
  | (RunBase<'settled'> &
      Ends & {
        readonly engines: Float64Array;
        readonly uuids: readonly (EngineUuid | null)[];
        /** Which of `uuids`. */
        readonly lives: Float64Array;
      });

// TO RUNS

class RunWriter {
  readonly #out: unknown[] = [];
  /** Two at most, and two only of those that a controller tells its client. */
  #assigned: Letter[] = [];
  #others: Letter[] = [];

  add(whole: unknown): void {
    const letter = letterOf(whole);
    if (letter === null) {
      this.#close();
      this.#out.push(shortened(whole));
      return;
    }
    const isAssigned = letter.message.type === 'assigned';
    const run = isAssigned ? this.#assigned : this.#others;
    const [neighbour] = isAssigned ? this.#others : this.#assigned;
    const isApart = neighbour !== undefined && !mayMix(neighbour, letter);
    const [first] = run;
    if (isApart || (first !== undefined && !isAlike(first, letter))) this.#close();
    (isAssigned ? this.#assigned : this.#others).push(letter);
  }

  finish(): readonly unknown[] {
    this.#close();
    return this.#out;
  }

  #close(): void {
    this.#put(this.#assigned);
    this.#put(this.#others);
    this.#assigned = [];
    this.#others = [];
  }

  #put(letters: readonly Letter[]): void {
    if (letters.length >= LEAST) this.#out.push(runOf(letters));
    else for (const { whole } of letters) this.#out.push(shortened(whole));
  }
}

function mayMix(a: Letter, b: Letter): boolean {
  const other = a.message.type === 'assigned' ? b : a;
  return other.message.type === 'settled' && isSameAddress(a.address, b.address);
}

function isSameAddress(a: Address, b: Address): boolean {
  return (a === null) === (b === null) && a?.cluster === b?.cluster;
}

/** Null: it is about no task, or has something of its own. */
function letterOf(whole: unknown): Letter | null {
  if (typeof whole !== 'object' || whole === null) return null;
  const outer = whole as { readonly type?: unknown; readonly message?: unknown; readonly cluster?: number };
  const isAddressed = outer.type === 'controller';
  const message = (isAddressed ? outer.message : whole) as Alike;
  const msgId = idOf(message);
  if (msgId === null) return null;
  return { whole, message, msgId, address: isAddressed ? { cluster: outer.cluster } : null };
}

function idOf(message: Alike): MsgId | null {
  try {
    return plainId(message);
  } catch {
    // It only looks like one of ours.
    return null;
  }
}

function plainId(message: Alike): MsgId | null {
  switch (message.type) {
    case 'submit': {
      const { submission } = message;
      const isPlain =
        submission.route.type === 'balanced' &&
        submission.seat === undefined &&
        submission.init === undefined &&
        isPlainRequest(submission.request);
      return isPlain && isOfClient(submission) ? submission.msgId : null;
    }
    case 'request':
      return message.membership === undefined && isPlainRequest(message.request) ? message.msgId : null;
    case 'assigned':
      return isOfClient(message) ? message.msgId : null;
    case 'reply':
      return message.names === undefined && message.reply.called === undefined && isPlainEnd(message.reply)
        ? message.reply.msgId
        : null;
    case 'settled': {
      const { clientId, settlement } = message;
      const { msgId } = settlement;
      const isPlain =
        settlement.shown === undefined && settlement.engineId !== null && isPlainEnd(settlement);
      return isPlain && isOfClient({ clientId, msgId }) ? msgId : null;
    }
    default:
      return null;
  }
}

function isOfClient({ clientId, msgId }: { readonly clientId: ClientId; readonly msgId: MsgId }): boolean {
  return msgId.startsWith(`${clientId}_`);
}

/** For one item, of primitives: what a request has besides belongs to nobody else. */
function isPlainRequest(request: EngineRequest): boolean {
  if ((request.method !== 'map' && request.method !== 'apply') || request.around !== undefined) return false;
  const { call } = request;
  if (!isBare(call)) return false;
  const value = call.value as null | {
    readonly f?: unknown;
    readonly args?: unknown;
    readonly columns?: unknown;
  };
  if (typeof value !== 'object' || value === null || !isPlainCallee(value.f)) return false;
  if (request.method === 'apply') return Array.isArray(value.args) && value.args.every(isPrimitive);
  return Array.isArray(value.columns) && value.columns.every(isOne);
}

function isBare({ buffers, shared, lent }: Packed): boolean {
  return buffers.length === 0 && shared === undefined && lent === undefined;
}

/** A list of one primitive. */
function isOne(list: unknown): list is readonly [unknown] {
  return Array.isArray(list) && list.length === 1 && isPrimitive(list[0]) && 0 in list;
}

/** A function of a text alone, or the like. */
export function isPlainCallee(f: unknown): f is Readonly<Record<string, unknown>> {
  if (typeof f !== 'object' || f === null) return false;
  for (const [key, field] of Object.entries(f)) if (key !== 'at' && !isPrimitive(field)) return false;
  return true;
}

function isPlainEnd({ outcome, facts }: { readonly outcome: Outcome; readonly facts: RunFacts }): boolean {
  if (outcome.status !== 'ok' || facts.executeResult !== null || !isBare(outcome.value)) return false;
  return isSmall(outcome.value.value);
}

/** Plain data of few parts. */
export function isSmall(value: unknown): boolean {
  return isSmallData(value);
}

function isAlike(a: Letter, b: Letter): boolean {
  if (a.message.type !== b.message.type || !isSameAddress(a.address, b.address)) return false;
  if (MsgId.client(a.msgId) !== MsgId.client(b.msgId)) return false;
  switch (a.message.type) {
    case 'submit':
      return isSameSubmission(a.message.submission, (b.message as AlikeOf<'submit'>).submission);
    case 'request': {
      const { abortsQueueOnError, client, request } = b.message as AlikeOf<'request'>;
      return (
        a.message.abortsQueueOnError === abortsQueueOnError &&
        a.message.client === client &&
        isSameCall(a.message.request, request)
      );
    }
    case 'assigned':
      return true;
    case 'reply':
      return isSameKind(a.message.reply, (b.message as AlikeOf<'reply'>).reply);
    case 'settled':
      return isSameKind(a.message.settlement, (b.message as AlikeOf<'settled'>).settlement);
  }
}

function isSameSubmission(a: Submission, b: Submission): boolean {
  const [ours, theirs] = [a.route, b.route];
  if (ours.type === 'direct' || theirs.type === 'direct') return false;
  const isSameRoute =
    ours.targets === theirs.targets && ours.terms === theirs.terms && ours.share === theirs.share;
  const isSame = a.label === b.label && a.runId === b.runId && a.tracked === b.tracked;
  return (
    isSame && isSameRoute && a.abortsQueueOnError === b.abortsQueueOnError && isSameCall(a.request, b.request)
  );
}

function isSameCall(a: EngineRequest, b: EngineRequest): boolean {
  if (a.method !== b.method || !('call' in a) || !('call' in b) || a.name !== b.name) return false;
  if (a.call.canned !== b.call.canned || returnsExceptions(a) !== returnsExceptions(b)) return false;
  return isSameCallee(calleeOf(a), calleeOf(b)) && argumentsOf(a).length === argumentsOf(b).length;
}

type Calling = Extract<EngineRequest, { readonly method: 'apply' | 'map' }>;
type Callee = Readonly<Record<string, unknown>>;

function calleeOf({ call }: Calling): Callee {
  return (call.value as { readonly f: Callee }).f;
}

function argumentsOf(request: Calling): readonly unknown[] {
  const value = request.call.value as {
    readonly args: readonly unknown[];
    readonly columns: readonly unknown[];
  };
  return request.method === 'apply' ? value.args : value.columns;
}

function returnsExceptions(request: Calling): boolean {
  return request.method === 'map' && request.returnExceptions;
}

function isSameCallee(a: Callee, b: Callee): boolean {
  if (a === b) return true;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => a[key] === b[key] || (key === 'at' && isSamePlace(a[key], b[key])));
}

function isSamePlace(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return false;
  const [ours, theirs] = [a as Callee, b as Callee];
  return (
    ours['url'] === theirs['url'] && ours['line'] === theirs['line'] && ours['column'] === theirs['column']
  );
}

interface End {
  readonly outcome: Outcome;
  readonly facts: RunFacts;
}

function isSameKind(a: End, b: End): boolean {
  return packedOf(a).canned === packedOf(b).canned;
}

function packedOf({ outcome }: End): Packed {
  // Others are in no run.
  return (outcome as Extract<Outcome, { readonly status: 'ok' }>).value;
}

/** What submissions of a run have in common: a field that is new is to be compared, and named here. */
type Shared = Exclude<keyof Submission, 'msgId' | 'submitted' | 'request' | 'init' | 'seat' | 'tracked'>;

function runOf(letters: readonly Letter[]): Run {
  const [{ message, msgId, address }] = letters as readonly [Letter];
  const client = MsgId.client(msgId);
  const numbers = columnOf(letters, (letter) => MsgId.number(letter.msgId));
  const base = { type: 'tutti-run', address, client, numbers } as const;
  switch (message.type) {
    case 'submit': {
      const submissions = messagesOf<'submit'>(letters).map(({ submission }) => submission);
      const { clientId, route, label, runId, abortsQueueOnError, tracked } = message.submission;
      const own = tracked === undefined ? {} : { tracked };
      const all = { clientId, route, label, runId, abortsQueueOnError } satisfies Record<Shared, unknown>;
      const common = { ...all, ...own };
      const submitted = columnOf(submissions, (one) => one.submitted);
      return { ...base, kind: 'submit', common, submitted, ...itemsOf(submissions) };
    }
    case 'request': {
      const { abortsQueueOnError, client: sender } = message;
      return {
        ...base,
        kind: 'request',
        abortsQueueOnError,
        sender,
        ...itemsOf(messagesOf<'request'>(letters)),
      };
    }
    case 'assigned':
      return {
        ...base,
        kind: 'assigned',
        engines: columnOf(messagesOf<'assigned'>(letters), (one) => one.engineId),
      };
    case 'reply':
      return { ...base, kind: 'reply', ...endsOf(messagesOf<'reply'>(letters).map(({ reply }) => reply)) };
    case 'settled': {
      const settlements = messagesOf<'settled'>(letters).map(({ settlement }) => settlement);
      const uuids = [...new Set(settlements.map(({ engineUuid }) => engineUuid))];
      const engines = columnOf(settlements, ({ engineId }) => engineId ?? NaN);
      const lives = columnOf(settlements, ({ engineUuid }) => uuids.indexOf(engineUuid));
      return { ...base, kind: 'settled', engines, uuids, lives, ...endsOf(settlements) };
    }
  }
}

function messagesOf<Type extends Alike['type']>(letters: readonly Letter[]): AlikeOf<Type>[] {
  return letters.map(({ message }) => message as AlikeOf<Type>);
}

function columnOf<T>(list: readonly T[], read: (one: T) => number): Float64Array {
  const column = new Float64Array(list.length);
  for (let i = 0; i < list.length; i++) column[i] = read(list[i] as T);
  return column;
}

function itemsOf(list: readonly { readonly request: EngineRequest }[]): CallItems {
  const requests = list.map(({ request }) => request as Calling);
  const [first] = requests as [Calling];
  const { method, name } = first;
  const columns = argumentsOf(first).map((_, c) =>
    requests.map((request) => {
      const argument = argumentsOf(request)[c];
      return method === 'map' ? (argument as readonly unknown[])[0] : argument;
    }),
  );
  const { canned } = first.call;
  const bytes = columnOf(requests, ({ call }) => call.bytes);
  return {
    method,
    name,
    returnExceptions: returnsExceptions(first),
    canned,
    f: calleeOf(first),
    columns,
    bytes,
  };
}

function endsOf(list: readonly End[]): Ends {
  const values = list.map((one) => packedOf(one).value);
  const boxed = values.every(isOne);
  return {
    values: boxed ? values.map(([value]) => value) : values,
    boxed,
    canned: packedOf(list[0] as End).canned,
    bytes: columnOf(list, (one) => packedOf(one).bytes),
    started: columnOf(list, ({ facts }) => facts.started ?? NaN),
    completed: columnOf(list, ({ facts }) => facts.completed ?? NaN),
    counts: columnOf(list, ({ facts }) => facts.executionCount),
  };
}

// OUT OF RUNS

function isRun(message: unknown): message is Run {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'tutti-run';
}

/** All columns are there, of one length. */
function isWhole(run: Run): boolean {
  const { client, numbers, address } = run;
  if (typeof client !== 'string' || !(numbers instanceof Float64Array) || !isAddress(address)) return false;
  return hasColumns(run, numbers.length);
}

function isAddress(address: unknown): boolean {
  return typeof address === 'object';
}

function hasColumns(run: Run, count: number): boolean {
  const isLong = (column: unknown) => column instanceof Float64Array && column.length === count;
  switch (run.kind) {
    case 'submit':
      return isLong(run.submitted) && areItemsOf(run, count);
    case 'request':
      return areItemsOf(run, count);
    case 'assigned':
      return isLong(run.engines);
    case 'reply':
      return areEndsOf(run, count);
    case 'settled':
      return isLong(run.engines) && isLong(run.lives) && Array.isArray(run.uuids) && areEndsOf(run, count);
    default:
      return false;
  }
}

function unroll(run: Run, to: unknown[]): void {
  const { client, numbers, address } = run;
  const head = `${client}_`;
  for (let i = 0; i < numbers.length; i++) {
    const message = messageAt(run, (head + String(numbers[i])) as MsgId, i);
    if (address === null) to.push(message);
    else if (address.cluster === undefined) to.push({ type: 'controller', message });
    else to.push({ type: 'controller', message, cluster: address.cluster });
  }
}

function messageAt(run: Run, msgId: MsgId, i: number): Alike {
  const { client: clientId } = run;
  switch (run.kind) {
    case 'submit': {
      const submitted = run.submitted[i] ?? 0;
      return {
        type: 'submit',
        submission: { ...run.common, msgId, submitted, request: itemRequest(run, i) },
      };
    }
    case 'request': {
      const { abortsQueueOnError, sender: client } = run;
      return { type: 'request', msgId, request: itemRequest(run, i), abortsQueueOnError, client };
    }
    case 'assigned':
      return { type: 'assigned', clientId, msgId, engineId: run.engines[i] as EngineId };
    case 'reply':
      return { type: 'reply', reply: { msgId, ...endAt(run, i) } };
    case 'settled': {
      const engineUuid = run.uuids[run.lives[i] ?? -1] ?? null;
      const settlement = { msgId, ...endAt(run, i), engineId: run.engines[i] as EngineId, engineUuid };
      return { type: 'settled', clientId, settlement };
    }
  }
}
