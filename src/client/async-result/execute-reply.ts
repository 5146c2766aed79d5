import type { EngineId } from '../../protocol/ids.ts';
import type { MimeBundle } from '../../protocol/outputs.ts';
import type { Job } from '../job.ts';
import { spell } from '../spelling.ts';
import { metadataOf, type Metadata } from './metadata.ts';

/** The result of `execute` on one engine: what it printed, showed and, unless silent, its last value. */
export class ExecuteReply {
  readonly metadata: Metadata;

  constructor(job: Job) {
    this.metadata = metadataOf(job);
  }

  get engineId(): EngineId | null {
    return this.metadata.engineId;
  }

  get executionCount(): number | null {
    return this.metadata.executionCount;
  }

  /** The bundle of the last value; null when silent or when there was none. */
  get executeResult(): MimeBundle | null {
    return this.metadata.executeResult;
  }

  get outputs(): readonly MimeBundle[] {
    return this.metadata.outputs;
  }

  get stdout(): string {
    return this.metadata.stdout;
  }

  get stderr(): string {
    return this.metadata.stderr;
  }

  /** `<ExecuteReply[3]: 5>` */
  toString(): string {
    const plain = this.executeResult?.data['text/plain'];
    const text = typeof plain === 'string' ? plain : '';
    const shown = text.length <= 32 ? text : `${text.slice(0, 29)}...`;
    return `<ExecuteReply[${String(this.executionCount)}]: ${shown}>`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

spell(ExecuteReply);
