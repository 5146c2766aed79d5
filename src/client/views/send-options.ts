import { CellUrl } from '../../protocol/cell-url.ts';
import type { InitSpec } from '../../protocol/requests.ts';
import type { History } from '../history.ts';
import type { TargetSpec } from '../indexing.ts';
import type { SubmitOptions } from '../submitter.ts';
import type { CallOptions } from './call-options.ts';

/** What a direct view says about requests that it sends: options of the call, and the view's where it has none. */
export interface SendOptions extends CallOptions {
  readonly track?: boolean;
  readonly name?: string;
  readonly abortsQueueOnError?: boolean;
  readonly init?: InitSpec;
  readonly isPart?: boolean;
  readonly returnExceptions?: boolean;
  readonly hint?: () => string;
}

/** What holds for calls of a view that say nothing else. */
interface ViewDefaults {
  readonly label: string | null;
  readonly track: boolean;
  readonly history: History;
}

/** The same as the client's core takes it. */
export function submitOptions(view: ViewDefaults, options: SendOptions): SubmitOptions {
  return {
    label: options.label ?? view.label,
    isTracked: options.track ?? view.track,
    history: view.history,
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.abortsQueueOnError === undefined ? {} : { abortsQueueOnError: options.abortsQueueOnError }),
    ...(options.init && { init: options.init }),
    ...(options.isPart === true && { isPart: true }),
    ...(options.returnExceptions === true && { returnExceptions: true }),
    ...(options.hint && { hint: options.hint }),
  };
}

/** How code that is run again on new lives of engines is known. */
export function initSpec(url: string, code: string, targets: TargetSpec): InitSpec {
  return { key: initKey(url, code), everywhere: targets === 'all' };
}

/** A cell that is run again takes the place of what it was. */
function initKey(url: string, code: string): string {
  return CellUrl.parse(url)?.id ?? code;
}
