import type { FromController, ToController } from '../protocol/client-messages.ts';
import type { JupyterMessage } from '../protocol/jupyter-message.ts';
import type { GatewayChannel, GatewayFrame } from '../transport/gateway/frames.ts';
import type { GatewayLimits, GatewayRole, Welcome } from '../transport/gateway/messages.ts';

/** What happens to the link. `at`: milliseconds since 1970. */
export type LinkEvent =
  /** The gateway is there, for the first time or again. */
  | {
      readonly type: 'welcomed';
      readonly at: number;
      readonly role: GatewayRole;
      readonly state: Welcome['state'];
      readonly limits: GatewayLimits;
      /** When the connection before this one was cut; null for the first. */
      readonly cutAt: number | null;
    }
  | {
      readonly type: 'received';
      readonly at: number;
      readonly channel: GatewayChannel;
      readonly message: JupyterMessage;
    }
  | { readonly type: 'heard'; readonly at: number; readonly messages: readonly ToController[] }
  | { readonly type: 'timer-reached'; readonly at: number; readonly timer: string }
  /** For good; `reason` is a sentence. */
  | { readonly type: 'ended'; readonly at: number; readonly reason: string };

/** What is to be done. */
export type LinkEffect =
  | { readonly type: 'send'; readonly frame: GatewayFrame }
  /** To the client that the message names, or to all. */
  | { readonly type: 'tell'; readonly message: FromController; readonly transfer: readonly ArrayBuffer[] }
  /** `delay` in seconds. */
  | { readonly type: 'set-timer'; readonly timer: string; readonly delay: number }
  | { readonly type: 'cancel-timer'; readonly timer: string }
  | { readonly type: 'notice'; readonly level: 'info' | 'warning'; readonly text: string };
