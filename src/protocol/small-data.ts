/** Parts of one value that are looked at. */
const MOST_PARTS = 64;

/** Plain data of a few parts: lists, objects without a class, and what they hold. */
export function isSmallData(value: unknown): boolean {
  return partsOf(value, 0) <= MOST_PARTS;
}

/** How many parts plain data has; Infinity: many, or it is no plain data. */
function partsOf(value: unknown, depth: number): number {
  if (isPrimitive(value)) return 1;
  if (depth > 4) return Infinity;
  const object = value as object;
  let parts = 1;
  if (Array.isArray(object)) {
    if (object.length > MOST_PARTS) return Infinity;
    for (const item of object as readonly unknown[]) parts += partsOf(item, depth + 1);
    return parts;
  }
  if (Object.getPrototypeOf(object) !== Object.prototype) return Infinity;
  for (const item of Object.values(object)) parts += partsOf(item, depth + 1);
  return parts;
}

export function isPrimitive(value: unknown): boolean {
  return (typeof value !== 'object' || value === null) && typeof value !== 'function';
}
