import { systemClock, systemTimers } from '../base/clock.ts';
import { Controller, type ControllerSetup } from '../controller/controller.ts';
import { Places } from '../controller/places.ts';
import { boardMemory } from '../protocol/comm-board.ts';
import type { EngineState, FromController, ToController } from '../protocol/client-messages.ts';
import type { HubOptionsSpec } from '../protocol/hub-options.ts';
import { MOST_ENGINES } from '../protocol/most-engines.ts';
import type { Link } from '../protocol/link.ts';

/** What all controllers of a frame have in common. */
type Common = Pick<ControllerSetup, 'launch' | 'nextTurn' | 'readLibrary' | 'onRecord' | 'onNotice'>;

/** Makes controllers: the notebook's own, and those of clusters that cells start. */
export class Controllers {
  readonly #common: Common;
  readonly #places = new Places();
  #clusters = 0;

  constructor(common: Common) {
    this.#common = common;
  }

  create(options: HubOptionsSpec, more: Partial<ControllerSetup> = {}): Controller {
    return new Controller({
      ...this.#common,
      clock: systemClock,
      timers: systemTimers,
      random: Math.random,
      memory: typeof SharedArrayBuffer === 'undefined' ? null : boardMemory(),
      places: this.#places,
      options,
      ...more,
    });
  }

  /** Of a cell's own cluster. What is told to the reader names it. Gives what ends it. */
  open(
    options: HubOptionsSpec,
    clusterId: string,
    link: Link<ToController, FromController>,
    onEngines: (engines: readonly EngineState[]) => void,
  ): () => void {
    // Each has memory of its own, also without engines.
    if (this.#clusters >= MOST_ENGINES) {
      throw new RangeError(`A notebook has at most ${String(MOST_ENGINES)} clusters at a time. Stop some.`);
    }
    const { onNotice } = this.#common;
    const controller = this.create(options, {
      onEngines,
      onNotice: (level, text) => {
        // Its variables are no cell's of this notebook: nothing is offered to be run again.
        onNotice?.(level, `Cluster ${clusterId}: ${text}`, false);
      },
    });
    controller.attachClient(link);
    this.#clusters++;
    return () => {
      this.#clusters--;
      controller.close();
      onEngines([]);
    };
  }
}
