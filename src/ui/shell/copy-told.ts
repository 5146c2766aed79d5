import type { Commands } from '../commands.ts';

/** Copies a text and says so; a browser may refuse it. `what`: the beginning of a sentence. */
export function copyTold(commands: Pick<Commands, 'copy' | 'announce'>, text: string, what: string): void {
  commands.copy(text).then(
    () => {
      commands.announce(`${what} was copied`);
    },
    () => {
      commands.announce(`${what} was not copied: the browser did not allow it`);
    },
  );
}
