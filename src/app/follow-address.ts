import type { Commands } from '../ui/commands.ts';
import type { CommandParts } from './command-parts.ts';
import { takeJoinLink } from './join/join-link.ts';
import { openDocument } from './notebook-commands.ts';
import { destinationOf } from './notebook-address.ts';

/** Goes where the reader goes by the address bar, a link, or the browser's Back and Forward. */
export function followAddress(parts: CommandParts, commands: Commands): void {
  window.addEventListener('hashchange', () => {
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
