import { TuttiError } from '../protocol/tutti-error.ts';

/** What running code gets when the reader interrupts it. */
export class KeyboardInterrupt extends TuttiError {
  override readonly name = 'KeyboardInterrupt';

  constructor(message = 'interrupted') {
    super(message);
  }
}
