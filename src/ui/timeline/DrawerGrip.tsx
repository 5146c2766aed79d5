import type { ReactNode } from 'react';
import { useCommands, usePage } from '../context.ts';

const STEP = 0.02;

/** The upper edge of the drawer: dragged, or moved by the arrow keys. */
export function DrawerGrip(): ReactNode {
  const commands = useCommands();
  const height = usePage((page) => page.streamHeight);
  return (
    <div
      className="drawer-grip"
      role="separator"
      aria-orientation="horizontal"
      aria-label="Height of the task stream"
      aria-valuemin={10}
      aria-valuemax={40}
      aria-valuenow={Math.round(height * 100)}
      aria-valuetext={`${String(Math.round(height * 100))} % of the window`}
      tabIndex={0}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const wanted = 1 - event.clientY / window.innerHeight;
        if (wanted < 0.05) commands.setStreamOpen(false);
        else commands.setStreamHeight(wanted);
      }}
      onKeyDown={(event) => {
        const by = { ArrowUp: STEP, ArrowDown: -STEP }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        commands.setStreamHeight(height + by);
      }}
    />
  );
}
