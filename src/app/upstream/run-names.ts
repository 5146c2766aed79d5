import { cellNames } from '../../lang/cell-names.ts';
import { type CellPart, splitMagics } from '../../lang/magics.ts';
import type { RunNames } from '../../notebook/upstream.ts';
import type { Language } from '../../protocol/client-messages.ts';
import { cellText, isRemote, KNOWN_MAGICS, takesCode } from '../types/cell-text.ts';
import { withoutPython } from '../types/python-cells.ts';

export interface RunSurroundings {
  /** What `%px` without targets means. */
  readonly usual: Language;
  /** Code without a magic goes to the engines. */
  readonly autopx: boolean;
}

type Realm = 'kernel' | 'engines';

/** The names of a cell, each with its realm in front: what is behind `%px` belongs to the engines. */
export function runNames(source: string, { usual, autopx }: RunSurroundings): RunNames {
  return namesOf(withoutPython(source, usual), autopx ? 'engines' : 'kernel');
}

function namesOf(source: string, realm: Realm): RunNames {
  return inTurn(splitMagics(source, { known: KNOWN_MAGICS }).map((part) => partNames(part, realm)));
}

function partNames(part: CellPart, realm: Realm): RunNames {
  switch (part.kind) {
    case 'js':
      return inRealm(realm, part.source);
    case 'line-magic': {
      const { code, results } = cellText(`%${part.name} ${part.rest}`);
      const there = isRemote(part.name) ? 'engines' : realm;
      const names = takesCode(part.name) ? inRealm(there, code.slice(part.name.length + 2)) : NOTHING;
      const assigned = part.assign === null ? results : [...results, part.assign];
      return inTurn([names, { gives: assigned.map((name) => `kernel ${name}`), uses: [] }]);
    }
    case 'cell-magic': {
      if (!takesCode(part.name)) return NOTHING;
      const { results } = cellText(`%%${part.name} ${part.rest}\n`);
      const realms: readonly Realm[] = isRemote(part.name)
        ? ['engines', ...(/(?:^|\s)--local(?=\s|$)/.test(part.rest) ? (['kernel'] as const) : [])]
        : [realm];
      const names = realms.map((each) => namesOf(part.body, each));
      return inTurn([...names, { gives: results.map((name) => `kernel ${name}`), uses: [] }]);
    }
    case 'help':
      return NOTHING;
  }
}

const NOTHING: RunNames = { gives: [], uses: [] };

function inRealm(realm: Realm, code: string): RunNames {
  const { gives, uses } = cellNames(code);
  return { gives: gives.map((name) => `${realm} ${name}`), uses: uses.map((name) => `${realm} ${name}`) };
}

/** What an earlier part gives, a later one does not take from elsewhere. */
function inTurn(parts: readonly RunNames[]): RunNames {
  const gives = new Set<string>();
  const uses = new Set<string>();
  for (const part of parts) {
    for (const name of part.uses) if (!gives.has(name)) uses.add(name);
    for (const name of part.gives) gives.add(name);
  }
  return { gives: [...gives], uses: [...uses] };
}
