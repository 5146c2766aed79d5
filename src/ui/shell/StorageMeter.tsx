import { type ReactNode, useId } from 'react';
import { usePage } from '../context.ts';
import { formatBytes } from '../format.ts';

/** How full this browser's storage is: files and notebooks share it. */
export function StorageMeter(): ReactNode {
  const space = usePage((page) => page.space);
  const id = useId();
  if (space === null) return null;
  return (
    <div className="space">
      <label htmlFor={id}>
        {formatBytes(space.used)} of {formatBytes(space.quota)} used by Tutti in this browser
      </label>
      <meter id={id} min={0} max={space.quota} high={space.quota * 0.9} value={space.used} />
    </div>
  );
}
