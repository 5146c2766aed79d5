import type { FromController } from '../../protocol/client-messages.ts';
import type { ItemSpan } from '../../protocol/engine-messages.ts';
import type { ClientId, EngineId, MsgId } from '../../protocol/ids.ts';
import { NOTHING_TO_MOVE, timerKey, type HubEffect, type HubEvent, type Timer } from '../events.ts';
import type { HubOptions } from '../../protocol/hub-options.ts';
import { Story } from './story.ts';

/** What all parts of the hub share while one event is handled: the time, the effects so far, the log. */
export class Context {
  readonly options: HubOptions;
  readonly story: Story;
  /** Connected clients. */
  readonly clients = new Set<ClientId>();
  /** Time of the event that is being handled. */
  at = 0;
  /** Number of that event: the cause of all that is done now. */
  #cause = 0;
  #effects: HubEffect[] = [];
  /** Keys of the timers that are set. */
  readonly #timers = new Set<string>();

  constructor(options: HubOptions) {
    this.options = options;
    this.story = new Story(options.storyLimit);
  }

  begin(event: HubEvent): void {
    this.#cause++;
    this.at = event.at;
    this.#effects = [];
    if (event.type === 'timer-reached') this.#timers.delete(timerKey(event.timer));
  }

  finish(): readonly HubEffect[] {
    return this.#effects;
  }

  note(what: string, msgId: MsgId | null, engineId: EngineId | null, note: string | null = null): void {
    this.story.add(this.#cause, this.at, what, msgId, engineId, note);
  }

  /** The same about each of them. */
  noteItems(what: string, span: ItemSpan, engineId: EngineId | null, note: string | null = null): void {
    this.story.add(this.#cause, this.at, what, span, engineId, note);
  }

  emit(effect: HubEffect): void {
    this.#effects.push(effect);
  }

  /** Those who have gone are told nothing. */
  tell(
    clientId: ClientId,
    message: FromController,
    transfer: readonly ArrayBuffer[] = NOTHING_TO_MOVE,
  ): void {
    if (this.clients.has(clientId)) this.emit({ type: 'tell', clientId, message, transfer });
  }

  setTimer(timer: Timer, delay: number): void {
    const key = timerKey(timer);
    if (this.#timers.has(key)) return;
    this.#timers.add(key);
    this.emit({ type: 'set-timer', timer, delay });
  }

  cancelTimer(timer: Timer): void {
    if (this.#timers.delete(timerKey(timer))) this.emit({ type: 'cancel-timer', timer });
  }

  get timers(): ReadonlySet<string> {
    return this.#timers;
  }
}
