import type { Clock } from '../../base/clock.ts';
import type { NotebookDocument } from '../../notebook/document.ts';
import { readNotebook, writeNotebook } from '../../notebook/ipynb.ts';
import type { LinkCodec } from '../../notebook/share-link.ts';
import { newCellId } from '../names.ts';
import type { SnapshotMoment, SnapshotReason, SnapshotStore } from './snapshot-store.ts';
import { whichGo } from './which-go.ts';

/** Seconds of editing after which a snapshot is taken by itself. */
const EVERY = 600;
/** Bytes that an unpacked snapshot may have. */
const BIGGEST = 512 << 20;

/** Earlier versions of notebooks. Nothing here rejects but `read`; what could not be kept is told once. */
export interface Snapshots {
  /** The notebook has been opened as it is on disk. */
  opened(document: NotebookDocument): Promise<void>;
  /** It has been saved. */
  saved(document: NotebookDocument): Promise<void>;
  /** Keeps it now, unless the latest snapshot is the same. */
  take(document: NotebookDocument, why: SnapshotReason): Promise<void>;
  /** Latest first. */
  list(notebook: string): Promise<readonly SnapshotMoment[]>;
  /** Rejects with a sentence for the reader. */
  read(notebook: string, at: number): Promise<NotebookDocument>;
}

export interface SnapshotParts {
  readonly store: SnapshotStore;
  readonly clock: Clock;
  readonly codec: LinkCodec;
  /** A sentence for the reader: none are kept. */
  readonly onTrouble: (text: string) => void;
}

/**
 * A snapshot is the notebook's file, packed: any later Tutti can read it. They are taken when a notebook is opened,
 * while it is edited (every ten minutes at most), when the reader asks (Save now), and before something takes the
 * place of what is there.
 */
export function createSnapshots(parts: SnapshotParts): Snapshots {
  const { store, clock, codec, onTrouble } = parts;
  /** When the latest of the open notebook was taken. */
  let latest = { notebook: '', at: 0 };
  /** One after the other: each looks at what the one before has left. */
  let last: Promise<unknown> = Promise.resolve();

  const contentOf = async (notebook: string, at: number): Promise<string | null> => {
    const packed = await store.content(notebook, at);
    if (!packed.ok) return null;
    const bytes = await codec.inflate(packed.value, BIGGEST).catch(() => null);
    return bytes ? new TextDecoder().decode(bytes) : null;
  };

  const keep = async (document: NotebookDocument, why: SnapshotReason): Promise<void> => {
    const { id, cells } = document;
    const text = writeNotebook(document);
    const listed = await store.list(id);
    const moments = listed.ok ? listed.value : [];
    const before = moments.at(-1);
    latest = { notebook: id, at: before?.at ?? clock.now() };
    if (before && (await contentOf(id, before.at)) === text) return;
    const content = await codec.deflate(new TextEncoder().encode(text));
    const at = Math.max(Math.round(clock.now()), (before?.at ?? 0) + 1);
    const moment = { notebook: id, at, why, cells: cells.length, bytes: content.length };
    latest = { notebook: id, at };
    const kept = await store.add(moment, content, whichGo([...moments, moment]));
    if (!kept.ok && kept.failure.fault !== 'refused') {
      onTrouble(`Snapshots of this notebook are not kept: ${reasonOf(kept.failure.fault)}`);
    }
  };
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };

  return {
    opened: (document) => inTurn(() => keep(document, 'opened')),
    saved: (document) =>
      inTurn(async () => {
        if (latest.notebook === document.id && clock.now() - latest.at < EVERY * 1000) return;
        await keep(document, 'edited');
      }),
    take: (document, why) => inTurn(() => keep(document, why)),
    list: async (notebook) => {
      await last;
      const listed = await store.list(notebook);
      return listed.ok ? listed.value.toReversed() : [];
    },
    read: async (notebook, at) => {
      const text = await contentOf(notebook, at);
      if (text === null) throw new Error('This snapshot is no longer in this browser.');
      return readNotebook(text, { id: notebook, name: null, origin: 'own', createCellId: newCellId });
    },
  };
}

function reasonOf(fault: string): string {
  return fault === 'quota'
    ? 'the browser’s storage is full. The notebook itself is saved as long as nothing else is said.'
    : 'the browser’s storage failed.';
}
