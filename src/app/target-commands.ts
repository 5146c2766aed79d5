import { writeAim } from '../notebook/cell-aim.ts';
import type { EngineId } from '../protocol/ids.ts';
import type { Commands } from '../ui/commands.ts';
import type { CommandParts } from './command-parts.ts';

type TargetCommands = Pick<Commands, 'toggleAutopx' | 'setTargets' | 'setCellAim' | 'focusEngine'>;

/** Where code goes, and the way to an engine. */
export function targetCommands({ host, page, driver, notices }: CommandParts): TargetCommands {
  return {
    toggleAutopx: () => {
      driver.runLine('%autopx');
    },
    setTargets: (targets) => {
      driver.runLine(`%pxconfig --targets ${targets === 'all' ? 'all' : targets.join(',')}`);
    },
    setCellAim: (id, aim) => {
      const cell = host.data().document.cells.find((other) => other.id === id);
      if (cell === undefined) return;
      const source = writeAim(cell.source, aim);
      if (source !== cell.source) host.dispatch({ type: 'replace-sources', sources: [{ id, source }] });
      page.setState({ mode: 'command', focus: { cell: id, part: 'cell', caret: null } });
      notices.announce(`The cell's first line is now: ${source.split('\n')[0] ?? ''}`);
    },
    focusEngine: (engine) => {
      if (focus(laneOf(host.data().selectedCell, engine))) return;
      const { panelOpen, panelTab } = page.getState();
      if (panelOpen && panelTab === 'engines') focusInPanel(engine, notices.announce);
      else {
        page.setState({ panelOpen: true, panelTab: 'engines' });
        // The panel is there after the next drawing.
        requestAnimationFrame(() => requestAnimationFrame(() => focusInPanel(engine, notices.announce)));
      }
    },
  };
}

function laneOf(cell: string, engine: EngineId): HTMLElement | null {
  return document.querySelector(`[data-cell="${CSS.escape(cell)}"] [data-engines~="${String(engine)}"]`);
}

function focusInPanel(engine: EngineId, announce: (text: string) => void): void {
  const name = `Engine ${String(engine)}`;
  const row = document.querySelector<HTMLElement>(`.engine-panel li[aria-label^="${name}:"]`);
  if (!focus(row)) announce(`There is no engine ${String(engine)}`);
}

/** It takes the focus by command only: Tab passes it by. */
function focus(element: HTMLElement | null): boolean {
  if (element === null) return false;
  element.tabIndex = -1;
  element.scrollIntoView({ block: 'nearest' });
  element.focus({ preventScroll: true });
  return true;
}
