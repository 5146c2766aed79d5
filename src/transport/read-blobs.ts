/**
 * In a worker from a `data:` address WebKit reads no Blob, not even the worker's own. There its owner reads them for
 * it: `text`, `arrayBuffer` and `stream` of Blobs ask the owner, on the worker's own channel.
 */
interface ReadBlob {
  readonly type: 'tutti-read-blob';
  readonly blob: Blob;
}

/** Bytes, or why there are none. */
type Answer = ArrayBuffer | string;

/** Bytes that a stream asks for at once. */
const CHUNK = 1 << 20;

/** The owner's end. */
export function readBlobsFor(worker: Worker): void {
  worker.addEventListener('message', ({ data, ports }: MessageEvent<unknown>) => {
    const [port] = ports;
    if (!isReadBlob(data) || !port) return;
    data.blob.arrayBuffer().then(
      (bytes) => {
        port.postMessage(bytes satisfies Answer, [bytes]);
      },
      (error: unknown) => {
        port.postMessage(String(error) satisfies Answer);
      },
    );
  });
}

/** Whether Blobs of this realm are read by its owner. */
export const isReadByOwner = location.protocol === 'data:';

/** The worker's own end; before code of users can take it away. */
export function readBlobsByOwner(scope: {
  postMessage(message: unknown, transfer: Transferable[]): void;
}): void {
  if (!isReadByOwner) return;
  const post = scope.postMessage.bind(scope);
  const read = (blob: Blob): Promise<ArrayBuffer> =>
    new Promise((resolve, reject) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }: MessageEvent<Answer>) => {
        port1.close();
        if (typeof data === 'string') reject(new DOMException(data, 'NotReadableError'));
        else resolve(data);
      };
      post({ type: 'tutti-read-blob', blob } satisfies ReadBlob, [port2]);
    });
  const methods = {
    arrayBuffer(this: Blob): Promise<ArrayBuffer> {
      return read(this);
    },
    async text(this: Blob): Promise<string> {
      return new TextDecoder().decode(await read(this));
    },
    async bytes(this: Blob): Promise<Uint8Array> {
      return new Uint8Array(await read(this));
    },
    stream(this: Blob): ReadableStream<Uint8Array> {
      let at = 0;
      return new ReadableStream({
        pull: async (controller) => {
          if (at < this.size) controller.enqueue(new Uint8Array(await read(this.slice(at, at + CHUNK))));
          at += CHUNK;
          if (at >= this.size) controller.close();
        },
      });
    },
  };
  for (const [name, value] of Object.entries(methods))
    Object.defineProperty(Blob.prototype, name, { value, writable: true, configurable: true });
}

function isReadBlob(data: unknown): data is ReadBlob {
  return (
    typeof data === 'object' &&
    data !== null &&
    'type' in data &&
    data.type === 'tutti-read-blob' &&
    'blob' in data &&
    data.blob instanceof Blob
  );
}
