import type { Commands } from '../ui/commands.ts';
import type { CommandParts } from './command-parts.ts';
import { takeJoinLink } from './join/join-link.ts';
import { openDocument } from './notebook-commands.ts';
import { destinationOf } from './notebook-address.ts';

/** Calls back for each change of the address, and for those that came before anybody could go there. */
export interface AddressWatch {
  readonly follow: (go: (address: URL) => void) => void;
}

/** From now on no change of the address is missed. */
export function watchAddress(page: EventTarget): AddressWatch {
  let go: ((address: URL) => void) | null = null;
  /** The last one; what is opened first may write its own in its place. */
  let missed: URL | null = null;
  page.addEventListener('hashchange', (event) => {
    const address = new URL((event as HashChangeEvent).newURL);
    if (go === null) missed = address;
    else go(address);
  });
  return {
    follow: (handler) => {
      go = handler;
      if (missed !== null) handler(missed);
    },
  };
}

/** Goes where the reader goes by the address bar, a link, or the browser's Back and Forward. */
export function followAddress(watch: AddressWatch, parts: CommandParts, commands: Commands): void {
  watch.follow((address) => {
    const invitation = takeJoinLink(address);
    if (invitation !== null) {
      commands.proposeJoin(invitation);
      return;
    }
    const asked = destinationOf(address);
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
