/** Texts by name that are written before the call returns. In the browser localStorage, all keys under one prefix. */
export interface KeyValues {
  keys(): readonly string[];
  get(key: string): string | null;
  /** False when it could not be kept: full, or refused. */
  set(key: string, text: string): boolean;
  remove(key: string): void;
}

/** `storage` throws where the browser refuses it. */
export function keyValuesUnder(prefix: string, storage: () => Storage): KeyValues {
  const attempt = <T>(work: (storage: Storage) => T, otherwise: T): T => {
    try {
      return work(storage());
    } catch {
      return otherwise;
    }
  };
  return {
    keys: () =>
      attempt(
        (kept) =>
          Object.keys(kept)
            .filter((key) => key.startsWith(prefix))
            .map((key) => key.slice(prefix.length)),
        [],
      ),
    get: (key) => attempt((kept) => kept.getItem(prefix + key), null),
    set: (key, text) =>
      attempt((kept) => {
        kept.setItem(prefix + key, text);
        return true;
      }, false),
    remove: (key) => {
      attempt((kept) => {
        kept.removeItem(prefix + key);
      }, undefined);
    },
  };
}
