import { useSyncExternalStore } from 'react';
import type { ChartState } from './chart-state.ts';

/** A plain value, or an object that keeps its identity. */
export function useChart<T>(chart: ChartState, select: () => T): T {
  return useSyncExternalStore(chart.subscribe, select);
}
