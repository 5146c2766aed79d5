import { type ChartState, wallClock } from './chart-state.ts';
import { AXIS_HEIGHT, paintHead, WAITING_HEIGHT } from './paint-head.ts';
import { LayoutMemory } from './layout.ts';
import { paintLanes } from './paint.ts';
import { type Palette, readPalette } from './palette.ts';
import { kindTitle } from './task-kinds.ts';

/** Milliseconds between two pictures, at least: thirty a second. */
const INTERVAL = 33;

interface Parts {
  readonly chart: ChartState;
  readonly head: HTMLCanvasElement;
  readonly rows: HTMLCanvasElement;
  readonly picture: HTMLElement;
  readonly rowHeight: number;
  /** The greatest number of tasks that waited, of what is in sight. */
  readonly onMost: (count: number) => void;
}

/** Draws when it is asked to, and on by itself as long as something is at work that it shows. */
export class ChartPainter {
  readonly #parts: Parts;
  readonly #observer: ResizeObserver;
  readonly #dark = matchMedia('(prefers-color-scheme: dark)');
  readonly #themes: MutationObserver;
  #palette: Palette | null = null;
  #frame: number | null = null;
  #last = -Infinity;
  /** Milliseconds that the last picture took. */
  #took = 0;
  readonly #layout = new LayoutMemory();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#observer = new ResizeObserver(this.ask);
    this.#observer.observe(parts.picture);
    this.#themes = new MutationObserver(this.#forgetColors);
    this.#themes.observe(document.documentElement, { attributeFilter: ['data-theme', 'data-contrast'] });
    this.#dark.addEventListener('change', this.#forgetColors);
    void document.fonts.ready.then(this.ask);
    this.ask();
  }

  ask = (): void => {
    this.#frame ??= requestAnimationFrame(this.#draw);
  };

  end(): void {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#frame = -1;
    this.#observer.disconnect();
    this.#themes.disconnect();
    this.#dark.removeEventListener('change', this.#forgetColors);
  }

  #forgetColors = (): void => {
    this.#palette = null;
    this.ask();
  };

  #draw = (time: number): void => {
    this.#frame = null;
    // A quarter of the time, at most, is spent on pictures.
    if (time - this.#last < Math.max(INTERVAL, 4 * this.#took)) {
      this.ask();
      return;
    }
    this.#last = time;
    const began = performance.now();
    this.#paint();
    this.#took = performance.now() - began;
    if (this.#parts.chart.log?.isActive === true) this.ask();
  };

  #paint(): void {
    const { chart, head, rows, picture, rowHeight, onMost } = this.#parts;
    const { log } = chart;
    if (log === null) return;
    const now = wallClock();
    chart.tick(now);
    const width = picture.clientWidth;
    const { lanes } = log;
    this.#palette ??= readPalette(picture);
    const palette = this.#palette;
    const top = contextOf(head, width, AXIS_HEIGHT + WAITING_HEIGHT);
    if (top) onMost(paintHead(top, { log, view: chart.view, width, now, palette, pointer: chart.pointer }));
    const below = contextOf(rows, width, Math.max(1, lanes.length * rowHeight));
    if (!below) return;
    const { numbers } = chart;
    paintLanes(below, {
      lanes,
      view: chart.view,
      width,
      rowHeight,
      now,
      layout: this.#layout,
      isActive: log.isActive,
      palette,
      only: chart.only?.total === 0 ? null : chart.only,
      selected: chart.selected,
      hovered: chart.hovered,
      lookUp: (n) => log.task(n),
      titleOf: (kind) => kindTitle(kind, numbers),
    });
  }
}

/** Sharp on any screen. */
function contextOf(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | null {
  const ratio = window.devicePixelRatio;
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
    canvas.style.width = `${String(width)}px`;
    canvas.style.height = `${String(height)}px`;
  }
  const context = canvas.getContext('2d');
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
