import { dataUrl } from './data-url.ts';

/** How workers can be started here. */
export interface WorkerWay {
  readonly scheme: 'blob' | 'data';
  /** False when memory that is posted to them would never arrive. */
  readonly sharesMemory: boolean;
}

const BLOB: WorkerWay = { scheme: 'blob', sharesMemory: true };

/**
 * Which way workers start in this realm. A `blob:` worker shares its maker's origin and starts fastest; WebKit refuses
 * it in an opaque origin under COEP, not with a throw but with an error event, so there it is tried with a worker of
 * one line. A `data:` worker is what works then.
 */
export async function findWorkerWay(): Promise<WorkerWay> {
  // No other engine refuses them, and none shall wait for a trial worker.
  if (!navigator.vendor.startsWith('Apple')) return BLOB;
  const url = URL.createObjectURL(new Blob([TRIAL], { type: 'text/javascript' }));
  const blob = await tryWorker(url);
  URL.revokeObjectURL(url);
  if (blob !== null) return { scheme: 'blob', sharesMemory: blob };
  return { scheme: 'data', sharesMemory: (await tryWorker(dataUrl(TRIAL))) === true };
}

/** Starts workers from a text: one self-contained classic script. */
export class WorkerSource {
  readonly #text: string;
  readonly #name: string;
  readonly #scheme: WorkerWay['scheme'];
  readonly #url: string;

  constructor(text: string, name: string, { scheme }: WorkerWay) {
    this.#text = `${text}\n//# sourceURL=tutti-${name}.js`;
    this.#name = name;
    this.#scheme = scheme;
    this.#url =
      scheme === 'blob'
        ? URL.createObjectURL(new Blob([this.#text], { type: 'text/javascript' }))
        : dataUrl(FIRST_MESSAGE);
  }

  launch(name: string): Worker {
    const worker = new Worker(this.#url, { name });
    if (this.#scheme === 'data') worker.postMessage(this.#text);
    return worker;
  }

  toString(): string {
    return `WorkerSource(${this.#name})`;
  }
}

/** Evaluates its first message. With the code in the address, each line of a stack would be as long as the code. */
const FIRST_MESSAGE = 'onmessage = ({ data }) => { onmessage = null; (0, eval)(data); }';

/** Answers whether it can read and write the memory that it is sent, if any. */
const TRIAL =
  'onmessage = ({ data }) => { if (data) new Uint8Array(data)[0] = 1; postMessage(0); }; onmessageerror = () => postMessage(0)';

/** Null: no worker starts from this address. Else whether it shares memory with this realm. */
function tryWorker(url: string): Promise<boolean | null> {
  return new Promise((resolve) => {
    const memory = typeof SharedArrayBuffer === 'undefined' ? null : new SharedArrayBuffer(1);
    let worker: Worker;
    try {
      worker = new Worker(url);
    } catch {
      // A policy may also refuse it with a throw.
      resolve(null);
      return;
    }
    worker.onmessage = () => {
      worker.terminate();
      resolve(memory !== null && new Uint8Array(memory)[0] === 1);
    };
    worker.onerror = () => {
      resolve(null);
    };
    worker.postMessage(memory);
  });
}
