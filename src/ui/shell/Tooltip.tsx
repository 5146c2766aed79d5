import {
  type CSSProperties,
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import './tooltip.css';

interface Tip {
  readonly text: string;
  /** How to do it by keyboard; null: not at all. */
  readonly keys: string | null;
  readonly anchor: DOMRect;
  /** Over the anchor: what the reader goes to next lies below it. */
  readonly above?: boolean;
}

interface TipControl {
  readonly show: (tip: Tip) => void;
  readonly hide: () => void;
}

const TipContext = createContext<TipControl>({ show: () => undefined, hide: () => undefined });

export function useTip(): TipControl {
  return useContext(TipContext);
}

const DELAY = 400;

/** One tooltip for the whole page: it floats above everything, so no scroller or cell cuts it off. */
export function TooltipLayer({ children }: { readonly children: ReactNode }): ReactNode {
  const [tip, setTip] = useState<Tip | null>(null);
  const timer = useRef<number | undefined>(undefined);
  const hide = useCallback(() => {
    clearTimeout(timer.current);
    setTip(null);
  }, []);
  const control = useMemo<TipControl>(
    () => ({
      show(next) {
        clearTimeout(timer.current);
        timer.current = window.setTimeout(() => {
          setTip(next);
        }, DELAY);
      },
      hide,
    }),
    [hide],
  );
  useEffect(() => {
    // A key may take away what it is about, and of that no pointer tells. Focus that a key moves comes after it.
    window.addEventListener('keydown', hide, { capture: true });
    return () => {
      window.removeEventListener('keydown', hide, { capture: true });
    };
  }, [hide]);
  useEffect(() => {
    if (!tip) return;
    window.addEventListener('scroll', hide, { capture: true, passive: true });
    return () => {
      window.removeEventListener('scroll', hide, { capture: true });
    };
  }, [tip, hide]);
  return (
    <TipContext value={control}>
      {children}
      {tip ? (
        <div ref={raise} popover="manual" className="tooltip" style={placeOf(tip)} aria-hidden="true">
          {tip.text}
          {tip.keys === null ? null : <kbd>{tip.keys}</kbd>}
        </div>
      ) : null}
    </TipContext>
  );
}

/** Above dialogs, too. */
function raise(tip: HTMLElement | null): void {
  tip?.showPopover();
}

function placeOf({ anchor, above = false }: Tip): CSSProperties {
  const below = !above && anchor.bottom + 40 < window.innerHeight;
  const middle = anchor.left + anchor.width / 2;
  const shift = middle < 120 ? '0' : middle > window.innerWidth - 120 ? '-100%' : '-50%';
  const left = shift === '0' ? anchor.left : shift === '-100%' ? anchor.right : middle;
  return {
    left,
    top: below ? anchor.bottom + 6 : anchor.top - 6,
    transform: `translate(${shift}, ${below ? '0' : '-100%'})`,
  };
}
