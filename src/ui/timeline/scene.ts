import type { LayoutMemory } from './layout.ts';
import type { Palette } from './palette.ts';
import type { Bar, Lane, TaskItem, TaskKind } from './task-items.ts';
import type { Viewport } from './viewport.ts';

/** What is to be drawn, and how the reader looks at it. */
export interface Scene {
  readonly lanes: readonly Lane[];
  readonly view: Viewport;
  /** Of the canvas, in pixels of the page. */
  readonly width: number;
  readonly rowHeight: number;
  readonly now: number;
  readonly layout: LayoutMemory;
  /** Something is to be done still. */
  readonly isActive: boolean;
  readonly palette: Palette;
  /** Others are faint; null: none is. */
  readonly only: TaskKind | null;
  readonly selected: TaskItem | null;
  readonly hovered: Bar | null;
  readonly lookUp: (n: number) => TaskItem | undefined;
  readonly titleOf: (kind: TaskKind) => string;
}
