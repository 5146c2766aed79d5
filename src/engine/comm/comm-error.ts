import { TuttiError } from '../../protocol/tutti-error.ts';

/** What one waits for can no longer come: the sender has failed, died, or ended without sending it. */
export class CommError extends TuttiError {
  override readonly name = 'CommError';
}

/** A blocking call where nothing can block. The message names its awaitable twin. */
export class CommBlockingError extends TuttiError {
  override readonly name = 'BlockingUnavailableError';
}
