import type { Commands } from '../ui/commands.ts';
import type { CommandParts } from './command-parts.ts';
import { takeJoinLink } from './join/join-link.ts';
import { openDocument } from './notebook-commands.ts';
import { destinationOf } from './notebook-address.ts';

/** Calls back for each change of the address, and for those that came before anybody could go there. */
export interface AddressWatch {
  readonly follow: (go: () => void) => void;
}

/** From now on no change of the address is missed. */
export function watchAddress(page: EventTarget): AddressWatch {
  let go: (() => void) | null = null;
  let isMissed = false;
  page.addEventListener('hashchange', () => {
    if (go === null) isMissed = true;
    else go();
  });
  return {
    follow: (handler) => {
      go = handler;
      if (isMissed) handler();
    },
  };
}

/** Goes where the reader goes by the address bar, a link, or the browser's Back and Forward. */
export function followAddress(address: AddressWatch, parts: CommandParts, commands: Commands): void {
  address.follow(() => {
    const invitation = takeJoinLink();
    if (invitation !== null) {
      commands.proposeJoin(invitation);
      return;
    }
    const asked = destinationOf(new URL(location.href));
    switch (asked.type) {
      case 'carried':
        openDocument(parts, 'The link could not be opened', () => asked.read(), true);
        break;
      case 'named':
        commands.openEntry(asked.key);
        break;
      case 'start':
        commands.showStart(true);
        break;
      case 'none':
        break;
    }
  });
}
