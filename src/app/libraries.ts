import type { LibraryAnswer } from '../protocol/engine-messages.ts';

/**
 * The libraries that cells may import without a network. The list is closed: the frame asks by name, and a
 * name that is not here is refused without being looked at, so nothing else of the site can be asked for.
 */
export const LIBRARIES = {
  '@observablehq/plot': 'libs/plot',
  d3: 'libs/d3',
} as const;

/** What the frame itself loads when it is first needed, asked for in the same way. */
const PARTS = { 'tutti:schemes': 'schemes' } as const;

export type LibraryPart = (typeof LIBRARIES)[keyof typeof LIBRARIES] | (typeof PARTS)[keyof typeof PARTS];

/** `read` gives the text of a part of the build. */
export async function findLibrary(
  name: string,
  read: (part: LibraryPart) => Promise<string>,
): Promise<LibraryAnswer> {
  const parts: Readonly<Record<string, LibraryPart>> = { ...LIBRARIES, ...PARTS };
  const part = Object.hasOwn(parts, name) ? parts[name] : undefined;
  if (part === undefined) {
    return {
      ok: false,
      reason: `There is no bundled library '${name}'. There are: ${Object.keys(LIBRARIES).join(', ')}.`,
    };
  }
  try {
    return { ok: true, source: await read(part) };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
