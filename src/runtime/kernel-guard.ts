import type { FromFileUser } from '../protocol/file-messages.ts';
import type { FromKernel } from '../protocol/kernel-messages.ts';

/**
 * Cells run in the kernel's worker and can post what they like on its channel. A message that has not the shape which
 * the frame relies on is nothing, and those beside it are handled. What is for a controller or for the page is looked
 * into there.
 */
export function isFromKernel(message: unknown): message is FromKernel {
  if (!isObject(message)) return false;
  switch (message['type']) {
    case 'kernel':
      return isTyped(message['event']);
    case 'controller':
      return (
        isTyped(message['message']) && (message['cluster'] === undefined || isNumber(message['cluster']))
      );
    case 'open-cluster':
      return isNumber(message['cluster']) && isString(message['clusterId']) && isObject(message['options']);
    case 'join-cluster':
      return isNumber(message['cluster']) && isString(message['link']) && isStringOrNull(message['runId']);
    case 'close-cluster':
      return isNumber(message['cluster']);
    case 'seen':
      return isNumber(message['n']) && isTyped(message['answer']);
    case 'need-library':
      return isString(message['name']);
    case 'exit':
      return true;
    default:
      return false;
  }
}

/** The same for the channel on which workers change files; the page looks into the change. */
export function isFromFileUser(message: unknown): message is FromFileUser {
  return isObject(message) && isNumber(message['n']) && isObject(message['change']);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isTyped(value: unknown): boolean {
  return isObject(value) && isString(value['type']);
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isStringOrNull(value: unknown): boolean {
  return value === null || isString(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
