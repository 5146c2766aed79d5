import { color as parseColor } from 'd3';
import { pngDataUrl } from './png.ts';

/** As much of an ImageData as Plot and d3's `blurImage` touch. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/**
 * The canvas that Plot's ramp legends and raster marks ask a document for: they fill one-pixel rectangles or
 * put an image, then take the picture as a data URL. A worker's OffscreenCanvas has no `toDataURL`.
 * Sizing it clears it, as a real one; rectangles cover whole pixels.
 */
export class SmallCanvas {
  #width = 300;
  #height = 150;
  #pixels: Uint8ClampedArray | null = null;
  readonly #context = new SmallContext(this);

  get width(): number {
    return this.#width;
  }
  set width(value: number) {
    this.#width = Math.max(0, Math.floor(value));
    this.#pixels = null;
  }

  get height(): number {
    return this.#height;
  }
  set height(value: number) {
    this.#height = Math.max(0, Math.floor(value));
    this.#pixels = null;
  }

  /** RGBA of the whole canvas, rows from the top. */
  get pixels(): Uint8ClampedArray {
    return (this.#pixels ??= new Uint8ClampedArray(this.#width * this.#height * 4));
  }

  /** Null for all kinds but `2d`. */
  getContext(kind: string): SmallContext | null {
    return kind === '2d' ? this.#context : null;
  }

  toDataURL(): string {
    // A PNG has at least one pixel; a real canvas says the same for a size of zero.
    if (this.#width === 0 || this.#height === 0) return 'data:,';
    return pngDataUrl(this.#width, this.#height, this.pixels);
  }
}

export class SmallContext {
  /** Any CSS colour but gradients and patterns. */
  fillStyle = '#000';
  readonly canvas: SmallCanvas;

  constructor(canvas: SmallCanvas) {
    this.canvas = canvas;
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    const paint = parseColor(this.fillStyle)?.rgb();
    if (!paint) return;
    this.#eachPixel(x, y, width, height, (data, at) => {
      blendOver(data, at, paint.r, paint.g, paint.b, paint.opacity);
    });
  }

  clearRect(x: number, y: number, width: number, height: number): void {
    this.#eachPixel(x, y, width, height, (data, at) => data.fill(0, at, at + 4));
  }

  createImageData(width: number, height: number): Pixels {
    return { width, height, data: new Uint8ClampedArray(width * height * 4) };
  }

  getImageData(x: number, y: number, width: number, height: number): Pixels {
    const image = this.createImageData(width, height);
    this.#eachPixel(x, y, width, height, (data, at, i, j) => {
      image.data.set(data.subarray(at, at + 4), ((j - y) * width + (i - x)) * 4);
    });
    return image;
  }

  putImageData(image: Pixels, x: number, y: number): void {
    this.#eachPixel(x, y, image.width, image.height, (data, at, i, j) => {
      const from = ((j - y) * image.width + (i - x)) * 4;
      data.set(image.data.subarray(from, from + 4), at);
    });
  }

  /** Calls `visit` for the pixels of the rectangle that lie on the canvas; `at` is a pixel's first byte. */
  #eachPixel(
    x: number,
    y: number,
    width: number,
    height: number,
    visit: (data: Uint8ClampedArray, at: number, i: number, j: number) => void,
  ): void {
    const { canvas } = this;
    const right = Math.min(canvas.width, Math.round(x + width));
    const bottom = Math.min(canvas.height, Math.round(y + height));
    for (let j = Math.max(0, Math.round(y)); j < bottom; j++) {
      for (let i = Math.max(0, Math.round(x)); i < right; i++) {
        visit(canvas.pixels, (j * canvas.width + i) * 4, i, j);
      }
    }
  }
}

/** Porter and Duff's "over", for colours that are not premultiplied. */
function blendOver(
  data: Uint8ClampedArray,
  at: number,
  r: number,
  g: number,
  b: number,
  alpha: number,
): void {
  const below = (data[at + 3] ?? 0) / 255;
  const whole = alpha + below * (1 - alpha);
  const mix = (over: number, under: number) =>
    whole === 0 ? 0 : (over * alpha + under * below * (1 - alpha)) / whole;
  data[at] = mix(r, data[at] ?? 0);
  data[at + 1] = mix(g, data[at + 1] ?? 0);
  data[at + 2] = mix(b, data[at + 2] ?? 0);
  data[at + 3] = whole * 255;
}
