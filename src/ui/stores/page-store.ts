import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CellId } from '../../protocol/ids.ts';
import type { LostNames } from '../../protocol/runtime-messages.ts';

export type Theme = 'system' | 'light' | 'dark';
export type PanelTab = 'engines' | 'variables';
export type Drawer = 'notebooks' | 'contents' | 'files';

/** A place that the focus shall go to, once; whoever takes it there sets it back to null. */
export interface FocusTarget {
  readonly cell: CellId;
  /** `cell` is command mode, `editor` edit mode. */
  readonly part: 'cell' | 'editor';
  /** Lines and columns count from 1; null leaves the caret where it was. */
  readonly caret: { readonly line: number; readonly column: number } | null;
}

/** A sentence for the reader that stays until it is closed. */
export interface Notice {
  readonly id: number;
  readonly level: 'info' | 'warning' | 'error';
  readonly text: string;
  /** Whose variables are gone: the cells that made them can be run again. */
  readonly lost?: LostNames;
  /** Who says it: the app, or what runs the notebook, whose code may have written the words. */
  readonly from: 'app' | 'notebook';
}

export interface NotebookEntry {
  /** Handed back to `openEntry`. */
  readonly key: string;
  readonly title: string;
  readonly detail: string;
}

/** A file of the workspace. */
export interface FileEntry {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** Bytes of this browser's storage: what is used, and what there is at most. */
export interface StorageSpace {
  readonly used: number;
  readonly quota: number;
}

/** The state of the page itself: nothing of it belongs to the document. */
export interface PageView {
  /** The start page lies over the notebook, which stays open behind it. */
  readonly view: 'notebook' | 'start';
  readonly mode: 'command' | 'edit';
  readonly focus: FocusTarget | null;
  readonly theme: Theme;
  readonly highContrast: boolean;
  /** The engine panel: open beside the notebook (wide) or over it (narrow). */
  readonly panelOpen: boolean;
  /** The task stream below the notebook, and its part of the window's height. */
  readonly streamOpen: boolean;
  readonly streamHeight: number;
  /** The page opens without a network, too. */
  readonly worksOffline: boolean;
  /** What runs the cells does not answer. */
  readonly sandboxSilent: boolean;
  /** A newer build is there; the next reload brings it. */
  readonly newVersion: boolean;
  readonly panelTab: PanelTab;
  /** Grows each time the reader asks for the variables: the matrix takes the focus. */
  readonly variablesAsked: number;
  readonly drawer: Drawer | null;
  readonly dialog:
    'share' | 'keys' | 'afresh' | 'palette' | 'snapshots' | 'join' | 'variables' | 'cell-targets' | null;
  /** Of the dialog `join`: where the link leads (null: there is none yet), and why it cannot be followed. */
  readonly joinHost: string | null;
  readonly joinRefused: string | null;
  /** The cell that wishes it, by its place from 1 (0: not known); null: the reader does. */
  readonly joinFor: number | null;
  /** The bar of find and replace is open; `findAsked` grows each time it is asked for. */
  readonly finding: boolean;
  readonly findAsked: number;
  /** Keys of one letter act in command mode. */
  readonly letterKeys: boolean;
  readonly notices: readonly Notice[];
  /** Said by screen readers; `count` makes the same words heard again. */
  readonly announcement: { readonly text: string; readonly count: number };
  /** Whether the cells of this notebook may use the network. */
  readonly networkAllowed: boolean;
  /** Grows each time the reader tried to run what has no consent yet: the banner calls for attention. */
  readonly consentAsked: number;
  readonly examples: readonly NotebookEntry[];
  /** Of each a new notebook can be made. */
  readonly templates: readonly NotebookEntry[];
  /** Those kept in this browser, the latest first; changed examples are among the examples. */
  readonly recent: readonly NotebookEntry[];
  /** Files of the open notebook's workspace, by name. */
  readonly files: readonly FileEntry[];
  /** Null where the browser does not tell. */
  readonly space: StorageSpace | null;
  /** Which tab saves the open notebook: this one, or another one that has it open too. */
  readonly tab: 'mine' | 'elsewhere';
  /** Key of the open notebook among the two lists; null for one that is in neither. */
  readonly openKey: string | null;
  /** A notebook that is not opened by itself: an earlier page hung or crashed while it opened it. `isKept`: in this
   * browser; else the address carries it. */
  readonly stuck: { readonly name: string; readonly isKept: boolean } | null;
}

export type PageStore = StoreApi<PageView>;

export function createPageStore(initial: Partial<PageView> = {}): PageStore {
  return createStore<PageView>(() => ({
    view: 'notebook',
    mode: 'command',
    focus: null,
    theme: 'system',
    highContrast: false,
    panelOpen: true,
    streamOpen: false,
    streamHeight: 0.32,
    worksOffline: false,
    sandboxSilent: false,
    newVersion: false,
    panelTab: 'engines',
    variablesAsked: 0,
    drawer: null,
    dialog: null,
    joinHost: null,
    joinRefused: null,
    joinFor: null,
    finding: false,
    findAsked: 0,
    letterKeys: true,
    notices: [],
    announcement: { text: '', count: 0 },
    networkAllowed: false,
    consentAsked: 0,
    examples: [],
    templates: [],
    recent: [],
    files: [],
    space: null,
    tab: 'mine',
    openKey: null,
    stuck: null,
    ...initial,
  }));
}
