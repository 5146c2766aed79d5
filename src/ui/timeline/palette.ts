import { SLOTS } from './task-kinds.ts';

/** Colours as a canvas takes them: those of the page, in its theme. */
export interface Palette {
  readonly paper: string;
  readonly text: string;
  readonly soft: string;
  readonly faint: string;
  readonly hairline: string;
  readonly hover: string;
  readonly accent: string;
  readonly bad: string;
  readonly badWash: string;
  readonly warn: string;
  /** By slot: the colour, and what can be read on it. */
  readonly tasks: readonly { readonly fill: string; readonly ink: string }[];
  readonly fontUi: string;
  readonly fontCode: string;
}

/** Of the theme in force at `element`. Takes a moment: to be kept until the theme changes. */
export function readPalette(element: Element): Palette {
  const probe = document.createElement('span');
  probe.hidden = true;
  element.append(probe);
  const style = getComputedStyle(probe);
  const color = (name: string): string => {
    probe.style.color = `var(${name})`;
    return style.color;
  };
  const palette: Palette = {
    paper: color('--paper'),
    text: color('--text'),
    soft: color('--text-soft'),
    faint: color('--text-faint'),
    hairline: color('--hairline'),
    hover: color('--surface-hover'),
    accent: color('--accent'),
    bad: color('--bad'),
    badWash: color('--bad-wash'),
    warn: color('--warn'),
    tasks: Array.from({ length: SLOTS }, (_, i) => {
      const fill = color(`--task-${String(i)}`);
      return { fill, ink: isDark(fill) ? '#fffefc' : '#171614' };
    }),
    fontUi: style.getPropertyValue('--font-ui'),
    fontCode: style.getPropertyValue('--font-code'),
  };
  probe.remove();
  return palette;
}

/** White can be read on it. */
function isDark(color: string): boolean {
  const [r = 0, g = 0, b = 0] = (color.match(/[\d.]+/g) ?? []).map((part) => {
    const channel = Number(part) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b < 0.18;
}
