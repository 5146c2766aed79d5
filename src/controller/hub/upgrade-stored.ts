import type { WireError } from '../../protocol/errors.ts';
import type { Outcome } from '../../protocol/replies.ts';
import { STORED_FORMAT, type StoredTask } from '../../protocol/stored-task.ts';

/** As it would be written today, of whatever format that is read. */
export function upgradedTask(task: StoredTask): StoredTask {
  if (task.format === STORED_FORMAT) return task;
  const { settlement, request } = task;
  const isOfItems = request?.method === 'map' && request.returnExceptions;
  if (!isOfItems || settlement?.outcome.status !== 'ok') return { ...task, format: STORED_FORMAT };
  const outcome = outcomeOfItems(settlement.outcome);
  return {
    ...task,
    ...{ format: STORED_FORMAT, status: outcome.status, settlement: { ...settlement, outcome } },
  };
}

/**
 * Format 1: a map with `returnExceptions` had always ended well, its value being what each item gave. Today that is told
 * only of maps that have failed, and others have a plain list.
 */
function outcomeOfItems(outcome: Extract<Outcome, { readonly status: 'ok' }>): Outcome {
  const { value: items } = outcome.value;
  if (!Array.isArray(items) || !items.every(isItem)) return outcome;
  const failed = items.find((item) => !item.ok);
  if (failed) return { status: 'error', error: failed.error as WireError, items: outcome.value };
  return { status: 'ok', value: { ...outcome.value, value: items.map(({ value }) => value) } };
}

interface StoredItem {
  readonly ok: boolean;
  readonly value?: unknown;
  readonly error?: unknown;
}

function isItem(item: unknown): item is StoredItem {
  if (typeof item !== 'object' || item === null || !('ok' in item)) return false;
  return Object.keys(item).length === 2 && (item.ok === true ? 'value' in item : 'error' in item);
}
