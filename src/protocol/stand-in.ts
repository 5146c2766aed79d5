import type { ToKernel } from './kernel-messages.ts';

/**
 * What a kernel that is blocked hears instead of a message that cannot be copied to it (shared memory, a Blob): which
 * request has its result, out of reach until the cell awaits. Null: nothing; nobody blocks for it.
 */
export function standInForKernel(message: ToKernel, reason: string): ToKernel | null {
  if (message.type !== 'controller' || message.message.type !== 'settled') return null;
  const { clientId, settlement } = message.message;
  const instead = { type: 'out-of-reach', clientId, msgId: settlement.msgId, reason } as const;
  return { ...message, message: instead };
}
