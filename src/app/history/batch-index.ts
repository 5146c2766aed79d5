/** What a batch is to hold of it, by its key. */
export interface BatchPlan<Row> {
  /** New ones. */
  readonly put: readonly { readonly key: string; readonly rows: readonly Row[] }[];
  /** Those that keep a part of their tasks: these. */
  readonly thin: readonly { readonly key: string; readonly left: ReadonlySet<string> }[];
  /** Those of which nothing is left. */
  readonly remove: readonly string[];
}

/** Rows of one batch: of one that loses a few, the rest is written again. */
const MOST_ROWS = 128;
/** Behind the ids of tasks, which were keys once. */
const HEAD = '~';

/**
 * Which batch of a notebook each of its tasks is in. A request to the browser's storage costs the same for one task as
 * for a hundred, so tasks that are written together are one entry there, which goes when the last of them does. Each
 * task is in one batch only: whoever takes it out leaves no older copy behind.
 */
export class BatchIndex {
  readonly #keys = new Map<string, string>();
  readonly #batches = new Map<string, Set<string>>();
  #last = 0;

  /** It is there. */
  add(key: string, msgIds: readonly string[]): void {
    const n = Number(key.startsWith(HEAD) ? key.slice(HEAD.length) : 0);
    if (n > this.#last) this.#last = n;
    this.#batches.set(key, new Set(msgIds));
    for (const msgId of msgIds) this.#keys.set(msgId, key);
  }

  /** What is to be written so that these are there, and those are not. */
  plan<Row extends { readonly msgId: string }>(
    kept: readonly Row[],
    gone: readonly string[],
  ): BatchPlan<Row> {
    const latest = new Map(kept.map((row) => [row.msgId, row]));
    const touched = new Set<string>();
    for (const msgId of [...gone, ...latest.keys()]) {
      const key = this.#keys.get(msgId);
      if (key === undefined) continue;
      this.#keys.delete(msgId);
      this.#batches.get(key)?.delete(msgId);
      touched.add(key);
    }
    for (const msgId of gone) latest.delete(msgId);
    const left = [...touched].map((key) => ({ key, left: this.#batches.get(key) ?? new Set<string>() }));
    const remove = left.filter((one) => one.left.size === 0).map(({ key }) => key);
    for (const key of remove) this.#batches.delete(key);
    return { put: this.#put([...latest.values()]), thin: left.filter((one) => one.left.size > 0), remove };
  }

  #put<Row extends { readonly msgId: string }>(rows: readonly Row[]): BatchPlan<Row>['put'] {
    const put: { key: string; rows: readonly Row[] }[] = [];
    for (let i = 0; i < rows.length; i += MOST_ROWS) {
      const part = rows.slice(i, i + MOST_ROWS);
      const key = HEAD + String(this.#last + 1).padStart(12, '0');
      this.add(
        key,
        part.map(({ msgId }) => msgId),
      );
      put.push({ key, rows: part });
    }
    return put;
  }
}
