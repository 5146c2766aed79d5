import { useEffect, useState } from 'react';

/** The time in milliseconds since 1970, ten times a second while `ticking`. */
export function useNow(ticking: boolean): number {
  const [now, setNow] = useState(wallClock);
  useEffect(() => {
    if (!ticking) return;
    const timer = setInterval(() => {
      setNow(wallClock());
    }, 100);
    return () => {
      clearInterval(timer);
    };
  }, [ticking]);
  return now;
}

function wallClock(): number {
  return performance.timeOrigin + performance.now();
}
