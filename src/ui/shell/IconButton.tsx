import type { ComponentProps, ReactNode } from 'react';
import { useTip } from './Tooltip.tsx';

interface Props extends Omit<ComponentProps<'button'>, 'aria-label' | 'children' | 'title'> {
  /** The accessible name. */
  readonly label: string;
  /** What the tooltip says, if not the name. */
  readonly tip?: string;
  /** As a reader would press it: `Shift Enter`; null for none. */
  readonly keys?: string | null;
  readonly icon: ReactNode;
  /** Text beside the icon; the accessible name stays `label`. */
  readonly text?: string;
}

/** A button with an icon, a name, and a tooltip that names its key. */
export function IconButton({ label, tip, keys = null, icon, text, className, ...rest }: Props): ReactNode {
  const tips = useTip();
  const show = (event: { currentTarget: Element }): void => {
    tips.show({ text: tip ?? label, keys, anchor: event.currentTarget.getBoundingClientRect() });
  };
  const kind = text === undefined ? 'icon-button' : 'text-button';
  return (
    <button
      type="button"
      {...rest}
      className={className === undefined ? kind : `${kind} ${className}`}
      aria-label={label}
      onPointerEnter={show}
      onPointerLeave={tips.hide}
      onFocus={(event) => {
        if (event.currentTarget.matches(':focus-visible')) show(event);
      }}
      onBlur={tips.hide}
      onClick={(event) => {
        tips.hide();
        rest.onClick?.(event);
      }}
    >
      {icon}
      {text}
    </button>
  );
}
