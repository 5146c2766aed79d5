import type { EngineId } from '../protocol/ids.ts';

/** One thing that happened in the life of a task. */
export interface StoryLine {
  readonly at: Date;
  /** A sentence. */
  readonly text: string;
  /** The hub's word for it. */
  readonly what: string;
  readonly engineId: EngineId | null;
}

/** A line as the hub tells it. */
interface ToldLine {
  readonly at: number;
  readonly what: string;
  readonly engineId: EngineId | null;
  readonly note: string | null;
}

/** The life of one task, from its submission on, as far as the hub remembers it; prints as a table of times. */
export class Story extends Array<StoryLine> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  static tell(lines: readonly ToldLine[]): Story {
    const story = new Story();
    for (const { at, what, engineId, note } of lines) {
      story.push({ at: new Date(at), text: sentence(what, engineId, note), what, engineId });
    }
    return story;
  }

  override toString(): string {
    const [first] = this;
    if (first === undefined) return 'The hub remembers nothing of it.';
    const since = (at: Date) => `${((Number(at) - Number(first.at)) / 1000).toFixed(3)} s`;
    return this.map(({ at, text }) => `${since(at).padStart(11)}  ${text}`).join('\n');
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  [Symbol.for('Jupyter.display')](): Record<string, string> {
    return { 'text/plain': this.toString() };
  }
}

const SENTENCES: Readonly<Record<string, (engine: string, note: string) => string>> = {
  submitted: (_, name) => `submitted: ${name}`,
  held: () => 'held until its dependencies are met',
  freed: () => 'its dependencies are met',
  scheduled: () => 'handed to the task scheduler of the cluster',
  sent: (engine) => `sent to ${engine}`,
  started: (engine) => `started on ${engine}`,
  recalled: (engine) => `called back from ${engine}, where it had not begun`,
  returned: (engine) => `given back by ${engine}`,
  requeued: (engine, why) => `back in line: ${WHY[why] ?? why} on ${engine}`,
  replied: (engine, status) => `${engine} replied: ${status}`,
  settled: (_, status) => `settled: ${status}`,
  interrupting: (engine) => `${engine} was asked to stop it`,
  'abort sent': (engine) => `${engine} was asked not to begin it`,
  'abort-asked': () => 'somebody asked for its abort',
  'cancel-asked': () => 'somebody asked for its cancellation',
  'client-disconnected': () => 'its client disconnected',
  'ran too long': (engine) => `its runTimeout was over on ${engine}`,
  'engine-lost': (engine, reason) => `${engine} was lost: ${reason}`,
  'terminate-engine': (engine, why) => `${engine} ended. ${why}`,
  'start-engine': (engine, life) => `${engine} was started: ${life}`,
  'engine-ready': (engine) => `${engine} was ready`,
  'timer-reached': (_, timer) => `its ${timer} timer was over`,
};

const WHY: Readonly<Record<string, string>> = {
  failed: 'it failed',
  unmet: 'it was refused',
  returned: 'it had not begun',
};

function sentence(what: string, engineId: EngineId | null, note: string | null): string {
  const engine = engineId === null ? 'an engine' : `engine ${String(engineId)}`;
  return (
    SENTENCES[what]?.(engine, note ?? '') ??
    [what, engineId === null ? '' : engine, note ?? ''].join(' ').trim()
  );
}
