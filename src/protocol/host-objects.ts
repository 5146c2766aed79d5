import { tagOf } from './brand-of.ts';
import { memoryNamed, nameOfMemory } from './shared-memory.ts';

/** An object of the browser that can be told in bytes and a few facts. */
export interface HostForm {
  readonly name: string;
  readonly bytes: ArrayBuffer;
  readonly facts: readonly unknown[];
}

interface Host {
  /** Null where this thread cannot read it. */
  readonly tell: (object: never) => Omit<HostForm, 'name'> | null;
  readonly make: (bytes: ArrayBuffer, facts: readonly never[]) => object;
}

/** What the browser has; looked up when needed, since not every host has all of them. */
type Make = new (...args: unknown[]) => object;
const classNamed = (name: string) => Reflect.get(globalThis, name) as Make;

const numbers = (...values: number[]) => ({ bytes: Float64Array.from(values).buffer, facts: [] });
const fromNumbers = (name: string) => (bytes: ArrayBuffer) => {
  return new (classNamed(name))(...new Float64Array(bytes));
};

const point = (name: string): Host => ({
  tell: ({ x, y, z, w }: Record<'x' | 'y' | 'z' | 'w', number>) => numbers(x, y, z, w),
  make: fromNumbers(name),
});

const rect = (name: string): Host => ({
  tell: ({ x, y, width, height }: Record<'x' | 'y' | 'width' | 'height', number>) =>
    numbers(x, y, width, height),
  make: fromNumbers(name),
});

const matrix = (name: string): Host => ({
  tell: (object: { toFloat64Array(): Float64Array<ArrayBuffer>; readonly is2D: boolean }) => {
    const all = object.toFloat64Array();
    const [a = 1, b = 0, , , c = 0, d = 1] = all;
    return object.is2D ? numbers(a, b, c, d, all[12] ?? 0, all[13] ?? 0) : numbers(...all);
  },
  make: (bytes) => new (classNamed(name))([...new Float64Array(bytes)]),
});

interface BlobLike {
  readonly type: string;
  readonly name: string;
  readonly lastModified: number;
}

const HOSTS: Readonly<Record<string, Host>> = {
  /** Memory that both sides have stays shared. */
  SharedArrayBuffer: {
    tell: (memory: SharedArrayBuffer) => {
      const name = nameOfMemory(memory);
      return name === undefined ? null : { bytes: new ArrayBuffer(0), facts: [name] };
    },
    make: (_bytes, [name]) => {
      const memory = memoryNamed(String(name));
      if (memory) return memory;
      throw new TypeError('It lies in shared memory that is not known here; push that first');
    },
  },
  Blob: {
    tell: (blob: BlobLike) => told(blob, [blob.type]),
    make: (bytes, [type]) => new (classNamed('Blob'))([bytes], { type }),
  },
  File: {
    tell: (file: BlobLike) => told(file, [file.type, file.name, file.lastModified]),
    make: (bytes, [type, name, lastModified]) =>
      new (classNamed('File'))([bytes], name, { type, lastModified }),
  },
  ImageData: {
    tell: ({ data, width, height, colorSpace }: ImageFacts) => ({
      bytes: data.slice().buffer,
      facts: [width, height, colorSpace],
    }),
    make: (bytes, [width, height, colorSpace]) =>
      new (classNamed('ImageData'))(new Uint8ClampedArray(bytes), width, height, { colorSpace }),
  },
  DOMPoint: point('DOMPoint'),
  DOMPointReadOnly: point('DOMPointReadOnly'),
  DOMRect: rect('DOMRect'),
  DOMRectReadOnly: rect('DOMRectReadOnly'),
  DOMMatrix: matrix('DOMMatrix'),
  DOMMatrixReadOnly: matrix('DOMMatrixReadOnly'),
};

interface ImageFacts {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  readonly colorSpace: string;
}

/** Null for what this thread cannot tell. */
export function hostForm(object: object): HostForm | null {
  const name = tagOf(object);
  const told = HOSTS[name]?.tell(object as never);
  return told ? { name, ...told } : null;
}

/** @throws TypeError where there are no such objects. */
export function hostFrom({ name, bytes, facts }: HostForm): object {
  const host = HOSTS[name];
  if (!host || typeof classNamed(name) !== 'function') throw new TypeError(`There is no ${name} here`);
  return host.make(bytes, facts as readonly never[]);
}

interface FileReading {
  readAsArrayBuffer(blob: object): ArrayBuffer;
}

/** Only workers can read a Blob without awaiting it. */
function told(blob: object, facts: readonly unknown[]): Omit<HostForm, 'name'> | null {
  const Reader = Reflect.get(globalThis, 'FileReaderSync') as (new () => FileReading) | undefined;
  return Reader ? { bytes: new Reader().readAsArrayBuffer(blob), facts } : null;
}
