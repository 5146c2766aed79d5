import { Mark, legend as legendOf, plot as plotOf } from '@observablehq/plot';
import type { CompoundMark, PlotOptions, RenderableMark } from '@observablehq/plot';
import { workerDocument } from './worker-document.ts';

/**
 * Observable Plot for kernel and engines: everything of `@observablehq/plot`, drawing without a page. Built
 * into one module with no imports, which the page hands to a worker on first use. A plot as a cell's last
 * value is shown: as SVG, or as HTML when it is a figure (title, caption, legend).
 *
 * What listens to the pointer (`tip: true`, `Plot.pointer`) draws nothing here: the page gets a still.
 * `Plot.tip(data)` draws, in boxes of estimated width.
 */
export * from '@observablehq/plot';

export function plot(options: PlotOptions = {}): ReturnType<typeof plotOf> {
  return withFramesNow(() => plotOf({ document: workerDocument, ...options }));
}

export function legend(options: Parameters<typeof legendOf>[0]): ReturnType<typeof legendOf> {
  return legendOf({ document: workerDocument, ...options } as typeof options);
}

type Plottable = RenderableMark | CompoundMark;

Object.assign(Mark.prototype, {
  plot(this: Plottable, { marks = [], ...options }: PlotOptions = {}) {
    return plot({ ...options, marks: [...marks, this] });
  },
});

/**
 * Plot lays a tip out one animation frame later, when it hopes to stand in a page. Here the element is final
 * as soon as it is returned, so frames asked for while drawing are run at its end.
 */
function withFramesNow<T>(draw: () => T): T {
  const frames: FrameRequestCallback[] = [];
  const before = Object.getOwnPropertyDescriptor(globalThis, 'requestAnimationFrame');
  Object.defineProperty(globalThis, 'requestAnimationFrame', {
    value: (callback: FrameRequestCallback) => frames.push(callback),
    configurable: true,
    writable: true,
  });
  try {
    const drawn = draw();
    for (const frame of frames) frame(0);
    return drawn;
  } finally {
    if (before) Object.defineProperty(globalThis, 'requestAnimationFrame', before);
    else Reflect.deleteProperty(globalThis, 'requestAnimationFrame');
  }
}
