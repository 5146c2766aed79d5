import type { Theme } from '../ui/stores/page-store.ts';

/** What a reader has chosen about the page, in this browser. Without storage it lasts as long as the page. */
export interface Preferences {
  readonly theme: Theme;
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
  const { theme, panelOpen, streamOpen, streamHeight, letterKeys, network } = kept;
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
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

/** `system` follows the machine. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}
