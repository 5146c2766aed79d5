import { areCallTerms, areEndsOf, areItemsOf, type CallItems, type Ends } from '../protocol/calls.ts';
import type { ToController } from '../protocol/client-messages.ts';
import type { FromEngine } from '../protocol/engine-messages.ts';
import type { TaskTerms } from '../protocol/terms.ts';
import { READ_FORMATS, type StoredTask } from '../protocol/stored-task.ts';

/**
 * User code runs in the workers that talk to us and can post what it likes on their channels. What does not
 * have the shape that the hub relies on is not let in. Payloads are the clients' affair and not looked into.
 */

type Fields = Readonly<Record<string, unknown>>;

/** Items that an engine gives back at once; it has been given far fewer. */
const MOST_GIVEN = 1e6;

export function isFromEngine(message: unknown): message is FromEngine {
  if (!isObject(message)) return false;
  switch (message['type']) {
    case 'ready':
    case 'slate':
    case 'properties-changed':
      return true;
    case 'event':
      return (message['msgId'] === null || isString(message['msgId'])) && isObject(message['event']);
    case 'reply':
      return (
        isReply(message['reply']) && (message['names'] === undefined || isListOf(message['names'], isString))
      );
    case 'items-done':
      return isString(message['client']) && isWhole(message['first'], 0) && areEnds(message['ends']);
    case 'names':
      return isListOf(message['names'], isString);
    case 'returned':
      return isListOf(message['spans'], isSpan);
    case 'comm':
      return isString(message['to']) && isCommMessage(message['message']);
    case 'comm-wake':
      return isNumber(message['slot']);
    case 'seen':
      return isNumber(message['n']) && isObject(message['answer']);
    case 'cleared':
      return isNumber(message['token']);
    case 'need-library':
      return isString(message['name']);
    case 'exit':
      return isString(message['reason']);
    default:
      return false;
  }
}

export function isToController(message: unknown): message is ToController {
  if (!isObject(message)) return false;
  switch (message['type']) {
    case 'connect':
    case 'disconnect':
      return isString(message['clientId']);
    case 'submit':
      return isSubmission(message['submission']);
    case 'submit-call':
      return isCall(message['call']);
    case 'abort':
    case 'cancel':
      return isListOf(message['msgIds'], isString);
    case 'interrupt':
      return isTargets(message['engines']);
    case 'lend':
      return isLend(message);
    case 'resubmit':
      return isResubmit(message);
    case 'ask':
      return isString(message['clientId']) && isNumber(message['n']) && isQuestion(message['question']);
    default:
      return false;
  }
}

/** Written at another visit, perhaps by another Tutti. */
export function isStoredTask(task: unknown): task is StoredTask {
  if (!isObject(task) || !READ_FORMATS.some((format) => format === task['format'])) return false;
  const { header, request, settlement } = task as Readonly<Partial<Record<string, unknown>>>;
  const texts = ['msgId', 'name', 'method', 'stdout', 'stderr'].every((key) => isString(task[key]));
  const isTime = (time: unknown) => time === null || isNumber(time);
  const times = ['started', 'completed', 'ended', 'engineId'].every((key) => isTime(task[key]));
  const isStatus = ['pending', 'ok', 'error', 'aborted'].includes(String(task['status']));
  const isHeader = isObject(header) && isSubmission({ ...header, request: NO_REQUEST });
  const isKept =
    (request === null || isRequest(request)) && (settlement === null || isSettlement(settlement));
  return texts && times && isStatus && isHeader && header['msgId'] === task['msgId'] && isKept;
}

const NO_REQUEST = { method: 'pull' };

function isSettlement(settlement: unknown): boolean {
  return isReply(settlement);
}

function isReply(reply: unknown): boolean {
  if (!isObject(reply) || !isString(reply['msgId'])) return false;
  return isOutcome(reply['outcome']) && isFacts(reply['facts']) && isCalled(reply['called']);
}

function isCalled(called: unknown): boolean {
  if (called === undefined) return true;
  return (
    isObject(called) && isNumber(called['count']) && isNumber(called['digest']) && isString(called['last'])
  );
}

function isCommMessage(message: unknown): boolean {
  if (!isObject(message) || !isString(message['group']) || !isPacked(message['value'])) return false;
  const isAddressed = isNumber(message['source']) && isNumber(message['tag']);
  return isAddressed && (message['collective'] === null || isString(message['collective']));
}

function isOutcome(outcome: unknown): boolean {
  if (!isObject(outcome)) return false;
  switch (outcome['status']) {
    case 'ok':
      return isPacked(outcome['value']);
    case 'error':
      return isWireError(outcome['error']) && (outcome['items'] === undefined || isPacked(outcome['items']));
    case 'aborted':
      return isString(outcome['reason']);
    default:
      return false;
  }
}

function isWireError(error: unknown): boolean {
  if (!isObject(error)) return false;
  return isString(error['ename']) && isString(error['evalue']) && isListOf(error['traceback'], isString);
}

function isFacts(facts: unknown): boolean {
  if (!isObject(facts)) return false;
  const { started, completed, executeResult } = facts as Readonly<Partial<Record<string, unknown>>>;
  const isTime = (time: unknown) => time === null || isNumber(time);
  const isBundle = executeResult === null || (isObject(executeResult) && isObject(executeResult['data']));
  return isTime(started) && isTime(completed) && isBundle;
}

function isPacked(packed: unknown): boolean {
  if (!isObject(packed) || !isNumber(packed['bytes'])) return false;
  return isListOf(packed['buffers'], (buffer) => buffer instanceof ArrayBuffer);
}

function isSubmission(submission: unknown): boolean {
  if (!isObject(submission)) return false;
  const { msgId, clientId, label, submitted } = submission as Readonly<Partial<Record<string, unknown>>>;
  const isNamed = isString(msgId) && isString(clientId) && (label === null || isString(label));
  if (submission['seat'] !== undefined && !isSeat(submission['seat'])) return false;
  return isNamed && isNumber(submitted) && isRoute(submission['route']) && isRequest(submission['request']);
}

/** Many tasks in few words: what does not say of each what it is, or asks for what only a single task can, is none. */
function isCall(call: unknown): boolean {
  if (!isObject(call)) return false;
  const { clientId, label, submitted, runId, first, count } = call as Readonly<
    Partial<Record<string, unknown>>
  >;
  const areTexts = isString(clientId) && isTextOrNull(label) && isTextOrNull(runId);
  const areIds = isWhole(first, 0) && isWhole(count, 1) && isWhole(first + count, 1);
  return (
    areTexts && areIds && isNumber(submitted) && isCallRoute(call['route']) && isItems(call['items'], count)
  );
}

function isWhole(n: unknown, least: number): n is number {
  return Number.isSafeInteger(n) && (n as number) >= least;
}

function isTextOrNull(text: unknown): boolean {
  return text === null || isString(text);
}

function isCallRoute(route: unknown): boolean {
  if (!isRoute(route) || !isObject(route) || route['type'] !== 'balanced') return false;
  return areCallTerms((route as { readonly terms?: TaskTerms }).terms);
}

/** Of at least one. */
function areEnds(ends: unknown): boolean {
  if (!isObject(ends) || !(Array.isArray(ends['values']) || ends['values'] instanceof Float64Array))
    return false;
  const { length } = ends['values'];
  return length > 0 && areEndsOf(ends as unknown as Ends, length);
}

function isSpan(span: unknown): boolean {
  if (!isObject(span)) return false;
  return (
    isString(span['client']) &&
    isWhole(span['first'], 0) &&
    isWhole(span['count'], 1) &&
    span['count'] <= MOST_GIVEN
  );
}

/** So many. */
function isItems(items: unknown, count: number): boolean {
  if (!isObject(items)) return false;
  const { method, name, returnExceptions, canned } = items as Readonly<Partial<Record<string, unknown>>>;
  const isNamed = (method === 'map' || method === 'apply') && isString(name);
  const areFlags = typeof returnExceptions === 'boolean' && typeof canned === 'boolean';
  return isNamed && areFlags && areItemsOf(items as unknown as CallItems, count);
}

function isLend({ clientId, n, memory }: Readonly<Partial<Record<string, unknown>>>): boolean {
  const isMemory = memory === null || Object.prototype.toString.call(memory) === '[object SharedArrayBuffer]';
  return isString(clientId) && isNumber(n) && isMemory;
}

function isResubmit(message: Fields): boolean {
  const { clientId, submitted, runId, tasks } = message as Readonly<Partial<Record<string, unknown>>>;
  const isTask = (task: unknown) => isObject(task) && isString(task['from']) && isString(task['to']);
  const isRun = runId === null || isString(runId);
  return isString(clientId) && isNumber(submitted) && isRun && isListOf(tasks, isTask);
}

function isSeat(seat: unknown): boolean {
  if (!isObject(seat) || !isNumber(seat['rank']) || !isObject(seat['group'])) return false;
  return isString(seat['group']['id']) && isListOf(seat['group']['engines'], isNumber);
}

function isRoute(route: unknown): boolean {
  if (!isObject(route)) return false;
  if (route['type'] === 'direct') {
    const { engine, runTimeout } = route as Readonly<Partial<Record<string, unknown>>>;
    return isNumber(engine) && (runTimeout === undefined || isNumber(runTimeout));
  }
  if (route['type'] !== 'balanced' || !isTargets(route['targets'])) return false;
  const { share, terms } = route as Readonly<Partial<Record<string, unknown>>>;
  const isShare = share === undefined || share === null || isString(share);
  return isShare && (terms === undefined || isTerms(terms));
}

function isTerms(terms: unknown): boolean {
  if (!isObject(terms)) return false;
  const { after, follow, timeout, retries, priority, runTimeout } = terms as Readonly<
    Partial<Record<string, unknown>>
  >;
  const areNumbers = [timeout, retries, priority, runTimeout].every((n) => isNumber(n) && !Number.isNaN(n));
  return areNumbers && isDependency(after) && isDependency(follow);
}

function isDependency(dependency: unknown): boolean {
  if (dependency === null) return true;
  return isObject(dependency) && isListOf(dependency['msgIds'], isString);
}

function isRequest(request: unknown): boolean {
  if (!isObject(request)) return false;
  switch (request['method']) {
    case 'apply':
    case 'map':
      return isString(request['name']) && isPacked(request['call']);
    case 'push':
      return isPacked(request['values']);
    case 'execute':
    case 'pull':
      return true;
    default:
      return false;
  }
}

function isQuestion(question: unknown): boolean {
  if (!isObject(question)) return false;
  switch (question['type']) {
    case 'queue-status':
    case 'clear':
      return isTargets(question['engines']);
    case 'db-query':
      return question['keys'] === null || isListOf(question['keys'], isString);
    case 'purge': {
      const { msgIds, engines, all } = question as Readonly<Partial<Record<string, unknown>>>;
      return (
        (msgIds === null || isListOf(msgIds, isString)) && isTargets(engines) && typeof all === 'boolean'
      );
    }
    case 'shutdown':
      return (
        isTargets(question['engines']) && [true, false, 'if-respawned'].includes(question['restart'] as never)
      );
    case 'adapt':
      return isAdapt(question['adapt']);
    case 'start-engines':
      return isNumber(question['n']);
    case 'results':
      return isListOf(question['msgIds'], isString);
    case 'story':
      return isString(question['msgId']);
    case 'history':
      return true;
    default:
      return false;
  }
}

function isAdapt(adapt: unknown): boolean {
  if (adapt === undefined || adapt === null) return true;
  return isObject(adapt) && ['min', 'max', 'idle'].every((name) => isNumber(adapt[name]));
}

function isTargets(targets: unknown): boolean {
  return targets === null || isListOf(targets, isNumber);
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}
