import { TuttiError } from '../protocol/tutti-error.ts';
import { UNMET } from '../protocol/terms.ts';

/** For user code on engines: a load-balanced task that throws it goes on to another engine. */
export class UnmetDependency extends TuttiError {
  override readonly name = UNMET;
}
