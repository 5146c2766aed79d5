import type { KeyboardEvent } from 'react';
import type { Commands } from '../commands.ts';
import type { StreamStore } from '../stores/stream-store.ts';
import { type ChartState, wallClock } from './chart-state.ts';
import { keysMeant, typedKey } from '../typed-keys.ts';
import { taskSentence } from './describe-task.ts';

/**
 * Keys of the picture, while it has the focus. Tab goes from task to task; it leaves at the last one in sight, and,
 * once Escape has been pressed, at once.
 */
export function chartKey(
  event: KeyboardEvent,
  chart: ChartState,
  commands: Commands,
  stream: StreamStore,
): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { shiftKey } = event;
  if (keysMeant(typedKey(event)).some((key) => act({ key, shiftKey }, chart, commands, stream))) {
    event.preventDefault();
    event.stopPropagation();
  }
}

function act(
  { key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
  chart: ChartState,
  commands: Commands,
  stream: StreamStore,
): boolean {
  const { span } = chart.view;
  switch (key) {
    case 'ArrowLeft':
      chart.panBy(-span * (shiftKey ? 0.5 : 0.1));
      return true;
    case 'ArrowRight':
      chart.panBy(span * (shiftKey ? 0.5 : 0.1));
      return true;
    case '+':
    case '=':
      chart.zoomBy(0.5);
      return true;
    case '-':
    case '_':
      chart.zoomBy(2);
      return true;
    case 'f':
      chart.fitAll();
      return true;
    case 'End':
      chart.backToNow();
      return true;
    case 'Tab':
      return step(chart, shiftKey ? -1 : 1, commands, stream);
    case 'Enter':
      if (chart.selected?.cell == null) return false;
      commands.focusCell(chart.selected.cell);
      return true;
    case 'Escape':
      chart.escaped = true;
      if (chart.selected === null) return false;
      chart.select(null);
      commands.announce('No task selected. Tab leaves the chart.');
      return true;
    default:
      return false;
  }
}

function step(chart: ChartState, direction: 1 | -1, commands: Commands, stream: StreamStore): boolean {
  const { log } = stream.getState();
  if (chart.escaped || log === null) return false;
  const bar = chart.step(direction);
  if (bar === null) {
    chart.select(null);
    return false;
  }
  const start = bar.look === 'running' ? bar.start : null;
  commands.announce(taskSentence(bar.task, chart.numbers, wallClock(), start));
  return true;
}
