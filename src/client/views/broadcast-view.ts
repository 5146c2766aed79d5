import { spell } from '../spelling.ts';
import type { Arity } from '../async-result/job-group.ts';
import { DirectView } from './direct-view.ts';
import type { ViewSeed } from './view.ts';

/**
 * IPython's view for one request to very many engines. Direct views serialise a request once for all of their
 * engines anyway, keep results in target order and errors per engine, so this is one of them by another name.
 */
export class BroadcastView<S extends Arity = Arity> extends DirectView<S> {
  protected override get className(): string {
    return 'BroadcastView';
  }

  protected override derive(seed: ViewSeed): this {
    return new BroadcastView(seed) as this;
  }
}

spell(BroadcastView);
