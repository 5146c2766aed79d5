/**
 * Keeps what is on disk within a second of what is on the screen. Knows when to save, not how: `save` and the
 * timers are handed in. Promises: the newest edit is never lost because an older one was being saved (it is
 * saved next), saves of one autosave never overlap, and a failed save leaves the document unsaved, says why
 * and is tried again: at the next edit, at `flush`, and by itself after a while, unless only the reader can
 * help (`conflict`, `elsewhere`, `version`, `outputs`).
 */
import type { Timers } from '../../base/clock.ts';
import type { NotebookDocument } from '../../notebook/document.ts';
import type { StorageFailure, StorageFault, StorageResult } from './storage-types.ts';

/** For the top bar. */
export type SaveState = 'saved' | 'saving' | 'unsaved' | { readonly error: StorageFailure };

export interface AutosaveOptions {
  readonly save: (document: NotebookDocument) => Promise<StorageResult<unknown>>;
  readonly timers: Timers;
  readonly onState: (state: SaveState) => void;
}

export interface Autosave {
  /** The document is another one now. */
  edited(document: NotebookDocument): void;
  /** The document as it is on disk (just loaded): nothing to save. What was unsaved before is forgotten. */
  opened(): void;
  /** Saves at once what is unsaved; resolves when it is on disk or has failed. For page hide, and before a
   * reload. */
  flush(): Promise<SaveState>;
  readonly state: SaveState;
  /** Saves nothing any more by itself. */
  dispose(): void;
}

/** Seconds of quiet before a save. */
const QUIET = 0.4;
/** Seconds that an edit waits at most, though others keep coming. */
const MAX_WAIT = 0.9;
/** Seconds after a failure. */
export const RETRY = 5;

const NEEDS_READER: ReadonlySet<StorageFault> = new Set(['conflict', 'elsewhere', 'version', 'outputs']);

export function createAutosave(options: AutosaveOptions): Autosave {
  return new DebouncedAutosave(options);
}

class DebouncedAutosave implements Autosave {
  state: SaveState = 'saved';
  readonly #options: AutosaveOptions;
  /** The newest document that is not known to be on disk; null when all is saved. Kept during a save. */
  #unsaved: NotebookDocument | null = null;
  /** The save that is on; null between saves. */
  #inFlight: Promise<void> | null = null;
  /** Cancels the timer of the next save after quiet, or after a failure. */
  #cancelQuiet: (() => void) | null = null;
  /** Cancels the timer that ends the waiting of the oldest unsaved edit. */
  #cancelMaxWait: (() => void) | null = null;
  #isDisposed = false;

  constructor(options: AutosaveOptions) {
    this.#options = options;
  }

  edited(document: NotebookDocument): void {
    if (this.#isDisposed || document === this.#unsaved) return;
    this.#unsaved = document;
    if (this.#inFlight === null && typeof this.state === 'string') this.#tell('unsaved');
    this.#wait(QUIET);
    this.#cancelMaxWait ??= this.#options.timers.after(MAX_WAIT, () => {
      void this.#save();
    });
  }

  opened(): void {
    this.#unsaved = null;
    this.#stopWaiting();
    this.#tell('saved');
  }

  async flush(): Promise<SaveState> {
    // Twice at most: the save that is on, and one for what has been edited since.
    if (this.#inFlight !== null) await this.#inFlight;
    if (this.#unsaved !== null) await this.#save();
    return this.state;
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#stopWaiting();
  }

  #wait(seconds: number): void {
    this.#cancelQuiet?.();
    this.#cancelQuiet = this.#options.timers.after(seconds, () => {
      void this.#save();
    });
  }

  #stopWaiting(): void {
    this.#cancelQuiet?.();
    this.#cancelMaxWait?.();
    this.#cancelQuiet = null;
    this.#cancelMaxWait = null;
  }

  #save(): Promise<void> {
    this.#stopWaiting();
    const document = this.#unsaved;
    if (document === null) return Promise.resolve();
    // Due while another save is on: `#settled` starts this one.
    if (this.#inFlight !== null) return this.#inFlight;
    // An error stays in sight until a save has succeeded.
    if (typeof this.state === 'string') this.#tell('saving');
    const saving = this.#options.save(document).then((result) => {
      this.#settled(document, result);
    });
    this.#inFlight = saving;
    return saving;
  }

  #settled(document: NotebookDocument, result: StorageResult<unknown>): void {
    this.#inFlight = null;
    if (!result.ok) {
      this.#failed(document, result.failure);
    } else if (this.#unsaved === document || this.#unsaved === null) {
      this.#unsaved = null;
      this.#tell('saved');
    } else {
      // Edited meanwhile; when its time has come already, it does not wait any longer.
      this.#tell('unsaved');
      if (this.#cancelQuiet === null && !this.#isDisposed) void this.#save();
    }
  }

  #failed(document: NotebookDocument, failure: StorageFailure): void {
    if (this.#unsaved === null) {
      this.#tell('saved');
      return;
    }
    this.#tell({ error: failure });
    const needsReader = NEEDS_READER.has(failure.fault);
    const isEdited = this.#unsaved !== document;
    if (this.#isDisposed || (needsReader && !isEdited)) return;
    if (this.#cancelQuiet === null) this.#wait(isEdited ? QUIET : RETRY);
  }

  #tell(state: SaveState): void {
    if (state === this.state) return;
    this.state = state;
    this.#options.onState(state);
  }
}
