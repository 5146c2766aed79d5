import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef } from 'react';
import './toolbar.css';

/**
 * Buttons in a row that are one stop for Tab: the arrows, Home and End go through them, as the practices for ARIA
 * have it. The stop is where the focus was last.
 */
export function Toolbar(props: {
  readonly label: string;
  readonly className: string;
  readonly children: ReactNode;
}): ReactNode {
  const bar = useRef<HTMLDivElement>(null);
  const last = useRef<HTMLButtonElement | null>(null);
  useLayoutEffect(() => {
    setStop(bar.current, last.current);
  });
  return (
    <div
      ref={bar}
      className={`toolbar ${props.className}`}
      role="toolbar"
      aria-label={props.label}
      onFocus={({ target }) => {
        if (target instanceof HTMLButtonElement) last.current = target;
        setStop(bar.current, last.current);
      }}
      onKeyDown={(event) => {
        goAlong(event, buttonsIn(bar.current));
      }}
    >
      {props.children}
    </div>
  );
}

function buttonsIn(bar: HTMLElement | null): readonly HTMLButtonElement[] {
  return [...(bar?.querySelectorAll('button') ?? [])].filter(({ disabled }) => !disabled);
}

function setStop(bar: HTMLElement | null, last: HTMLButtonElement | null): void {
  const buttons = buttonsIn(bar);
  const stop = last && buttons.includes(last) ? last : buttons[0];
  for (const button of buttons) button.tabIndex = button === stop ? 0 : -1;
}

function goAlong(event: KeyboardEvent, buttons: readonly HTMLButtonElement[]): void {
  const at = buttons.findIndex((button) => button === event.target);
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: -1 }[event.key];
  if (to === undefined || at < 0) return;
  event.preventDefault();
  event.stopPropagation();
  buttons.at(to % buttons.length)?.focus();
}
