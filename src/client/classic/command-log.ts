import type { AsyncResult } from '../async-result/async-result.ts';
import type { MsgId } from '../../protocol/ids.ts';

/** A command on one engine. */
export interface LoggedCommand {
  readonly code: string;
  readonly msgId: MsgId;
}

/** The oldest are forgotten. */
const MOST_COMMANDS = 1000;

/** The commands of each engine, in order: what `getResult(i)` finds again. */
export class CommandLog {
  readonly #commands = new Map<
    number,
    { readonly code: string; readonly result: AsyncResult; readonly place: number }[]
  >();

  add(code: string, result: AsyncResult): void {
    result.jobs.forEach((job, place) => {
      const engine = job.facts.target ?? -1;
      const commands = this.#commands.get(engine) ?? [];
      commands.push({ code, result, place });
      if (commands.length > MOST_COMMANDS) commands.shift();
      this.#commands.set(engine, commands);
    });
  }

  /** The engine's command `In [number]`, or the last for null; undefined when there is none. */
  find(engine: number, number: number | null): LoggedCommand | undefined {
    const commands = this.#commands.get(engine) ?? [];
    const found = commands.findLast(({ result, place }) => {
      return number === null || result.jobs[place]?.executionCount === number;
    });
    const msgId = found?.result.jobs[found.place]?.facts.msgId;
    return found && msgId !== undefined ? { code: found.code, msgId } : undefined;
  }
}
