import { type RefObject, useEffect, useRef, useState } from 'react';

export interface Question {
  readonly asking: boolean;
  readonly ask: () => void;
  /** It is answered. */
  readonly close: () => void;
  /** Of the button that asks. */
  readonly opener: RefObject<HTMLButtonElement | null>;
}

/** A question in place of the button that asks it; answered, the focus is where it was. */
export function useQuestion(): Question {
  const [asking, setAsking] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const asked = useRef(false);
  useEffect(() => {
    if (asked.current && !asking && document.activeElement === document.body) opener.current?.focus();
    asked.current = asking;
  }, [asking]);
  return {
    asking,
    opener,
    ask: () => {
      setAsking(true);
    },
    close: () => {
      setAsking(false);
    },
  };
}
