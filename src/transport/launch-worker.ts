/**
 * Starts a worker from its text: one self-contained classic script. From a `blob:` URL, so that it shares its
 * maker's origin (and memory); where the browser refuses that under COEP (WebKitGTK), from a `data:` URL.
 */
export class WorkerSource {
  readonly #text: string;
  readonly #name: string;
  readonly #blobUrl: string;
  /** False when its workers are origins of their own: memory posted to them would never arrive. */
  sharesMemory = true;

  constructor(text: string, name: string) {
    this.#text = `${text}\n//# sourceURL=tutti-${name}.js`;
    this.#name = name;
    this.#blobUrl = URL.createObjectURL(new Blob([this.#text], { type: 'text/javascript' }));
  }

  launch(name: string): Worker {
    try {
      return new Worker(this.#blobUrl, { name });
    } catch {
      this.sharesMemory = false;
      return new Worker(`data:text/javascript;charset=utf-8,${encodeURIComponent(this.#text)}`, { name });
    }
  }

  toString(): string {
    return `WorkerSource(${this.#name})`;
  }
}
