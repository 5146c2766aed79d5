/** A source of chance, handed in: numbers in [0, 1). */
export type Random = () => number;

/** sfc32 (small fast counter), seeded from one number: the same seed gives the same sequence everywhere. */
export function seededRandom(seed: number): Random {
  let a = seed | 0;
  let b = 0x9e3779b9;
  let c = 0x243f6a88;
  let counter = 1;
  const next = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  // The first outputs still show the seed's bits; let it mix.
  for (let i = 0; i < 15; i++) next();
  return next;
}

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

/** A short random name of `length` letters and digits, for ids that need be unique in one session. */
export function randomName(random: Random, length = 8): string {
  let name = '';
  for (let i = 0; i < length; i++) name += ALPHABET[Math.floor(random() * ALPHABET.length)] ?? '0';
  return name;
}
