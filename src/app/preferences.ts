import type { Theme } from '../ui/stores/page-store.ts';

/** What a reader has chosen about the page, in this browser. Without storage it lasts as long as the page. */
export interface Preferences {
  readonly theme: Theme;
  /** High contrast; null: as the system has it. */
  readonly highContrast: boolean | null;
  readonly panelOpen: boolean;
  /** The task stream is open, and its part of the window's height. */
  readonly streamOpen: boolean;
  readonly streamHeight: number;
  /** Keys of one letter act in command mode; WCAG 2.1.4 wants a way to switch them off. */
  readonly letterKeys: boolean;
  /** Ids of the notebooks that may use the network. Never in the file: a file cannot allow itself. */
  readonly network: readonly string[];
}

const KEY = 'tutti.preferences';
const DEFAULTS: Preferences = {
  theme: 'system',
  highContrast: null,
  panelOpen: true,
  streamOpen: false,
  streamHeight: 0.32,
  letterKeys: true,
  network: [],
};

export function readPreferences(): Preferences {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof kept === 'object' && kept !== null ? complete(kept) : DEFAULTS;
  } catch {
    return DEFAULTS;
  }
}

function complete(kept: { readonly [K in keyof Preferences]?: unknown }): Preferences {
  const { theme, highContrast, panelOpen, streamOpen, streamHeight, letterKeys, network } = kept;
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    highContrast: typeof highContrast === 'boolean' ? highContrast : null,
    panelOpen: typeof panelOpen === 'boolean' ? panelOpen : DEFAULTS.panelOpen,
    streamOpen: streamOpen === true,
    streamHeight:
      typeof streamHeight === 'number' && streamHeight > 0 && streamHeight <= 0.4
        ? streamHeight
        : DEFAULTS.streamHeight,
    letterKeys: typeof letterKeys === 'boolean' ? letterKeys : DEFAULTS.letterKeys,
    network: Array.isArray(network) ? network.filter((id) => typeof id === 'string') : [],
  };
}

export function writePreferences(change: Partial<Preferences>): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...readPreferences(), ...change }));
  } catch {
    // No storage here; the choice holds until the page closes.
  }
}

const PAPER = { light: '#fffefc', dark: '#171614' };
const MORE_CONTRAST = '(prefers-contrast: more)';

/** `system` follows the machine. */
export function applyTheme(theme: Theme): void {
  const { dataset } = document.documentElement;
  if (theme === 'system') delete dataset['theme'];
  else dataset['theme'] = theme;
  // Of the window's frame, where the page is installed.
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    meta.content = PAPER[theme === 'system' ? (meta.media.includes('dark') ? 'dark' : 'light') : theme];
  }
}

/** Null follows the machine. Returns whether it is on. */
export function applyContrast(chosen: boolean | null): boolean {
  const on = chosen ?? matchMedia(MORE_CONTRAST).matches;
  if (on) document.documentElement.dataset['contrast'] = 'more';
  else delete document.documentElement.dataset['contrast'];
  return on;
}

/** A choice that is the machine's own anyway follows the machine from then on. */
export function contrastChoice(on: boolean): boolean | null {
  return on === matchMedia(MORE_CONTRAST).matches ? null : on;
}

export function onContrastChange(listener: () => void): void {
  matchMedia(MORE_CONTRAST).addEventListener('change', listener);
}
