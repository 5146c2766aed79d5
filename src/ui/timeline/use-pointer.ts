import { type RefObject, useEffect } from 'react';
import type { Commands } from '../commands.ts';
import { type ChartState, wallClock } from './chart-state.ts';
import { barAt } from './layout.ts';
import type { Bar } from './task-items.ts';

/** Pixels that a press may move and still be a click; and by which one may miss. */
const STILL = 4;
const NEAR = 4;

/** The pointer on the picture: wheel zooms, dragging pans, resting tells, a click selects, two go to the cell. */
export function usePointer(
  chart: ChartState,
  picture: RefObject<HTMLDivElement | null>,
  rows: RefObject<HTMLCanvasElement | null>,
  rowHeight: number,
  commands: Commands,
): void {
  useEffect(() => {
    const element = picture.current;
    const canvas = rows.current;
    if (element === null || canvas === null) return;
    let press: { readonly x: number; readonly y: number; readonly left: number; moved: boolean } | null =
      null;
    const timeAt = (x: number): number => {
      const box = element.getBoundingClientRect();
      return chart.view.left + ((x - box.left) / box.width) * chart.view.span;
    };
    const under = (x: number, y: number): Bar | null => {
      const row = Math.floor((y - canvas.getBoundingClientRect().top) / rowHeight);
      const lane = chart.log?.lanes[row];
      if (lane === undefined) return null;
      return barAt(lane, timeAt(x), (NEAR / element.clientWidth) * chart.view.span, wallClock());
    };
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      const sideways = event.shiftKey ? event.deltaX || event.deltaY : event.deltaX;
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        chart.panBy(((sideways * unit) / element.clientWidth) * chart.view.span);
      } else
        chart.zoomBy(
          Math.exp(Math.max(-240, Math.min(240, event.deltaY * unit)) * 0.002),
          timeAt(event.clientX),
        );
    };
    const onDown = (event: PointerEvent): void => {
      if (event.button !== 0) return;
      press = { x: event.clientX, y: event.clientY, left: chart.view.left, moved: false };
      element.setPointerCapture(event.pointerId);
    };
    const onMove = (event: PointerEvent): void => {
      if (press === null) {
        chart.hover(under(event.clientX, event.clientY), timeAt(event.clientX));
        return;
      }
      if (!press.moved && Math.abs(event.clientX - press.x) < STILL) return;
      press.moved = true;
      element.classList.add('dragged');
      const wanted = press.left - ((event.clientX - press.x) / element.clientWidth) * chart.view.span;
      chart.panBy(wanted - chart.view.left);
    };
    const onUp = (event: PointerEvent): void => {
      if (press !== null && !press.moved) chart.select(under(event.clientX, event.clientY)?.task ?? null);
      press = null;
      element.classList.remove('dragged');
    };
    const onLeave = (): void => {
      chart.hover(null, null);
    };
    const onDouble = (event: MouseEvent): void => {
      const cell = under(event.clientX, event.clientY)?.task.cell;
      if (cell != null) commands.focusCell(cell);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    element.addEventListener('pointerdown', onDown);
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerup', onUp);
    element.addEventListener('pointercancel', onUp);
    element.addEventListener('pointerleave', onLeave);
    element.addEventListener('dblclick', onDouble);
    return () => {
      element.removeEventListener('wheel', onWheel);
      element.removeEventListener('pointerdown', onDown);
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerup', onUp);
      element.removeEventListener('pointercancel', onUp);
      element.removeEventListener('pointerleave', onLeave);
      element.removeEventListener('dblclick', onDouble);
    };
  }, [chart, picture, rows, rowHeight, commands]);
}
