import type { AnsiColor, AnsiStyle } from './ansi.ts';

/** How a run of terminal text is drawn: classes of `ansi.css`, and colours that no class names. */
export interface AnsiLook {
  readonly className: string;
  readonly style: Readonly<Record<string, string>>;
}

/**
 * Colours by name are the theme's. A colour as it stands keeps its hue, and is made as light or dark as the theme's
 * paper needs (`ansi-rgb`); on a background of its own it stays as it is where it can be read there, and is black or
 * white where it cannot.
 */
export function lookOf(run: AnsiStyle): AnsiLook {
  const classes = (['bold', 'faint', 'italic', 'underline', 'strike'] as const)
    .filter((name) => run[name])
    .map((name) => `ansi-${name}`);
  if (run.underline && run.strike) classes.push('ansi-both');
  const style = run.inverse ? inverse(run, classes) : upright(run, classes);
  return { className: classes.join(' '), style };
}

function upright({ color, background }: AnsiStyle, classes: string[]): AnsiLook['style'] {
  if (typeof background === 'string') {
    return { background, color: readable(color, background) };
  }
  if (background !== null) classes.push(`ansi-bg-${String(background % 8)}`);
  if (typeof color === 'string') {
    classes.push('ansi-rgb');
    return { '--rgb': color };
  }
  if (color !== null) classes.push(`ansi-${String(color)}`);
  return {};
}

/** The background is what the text would have been, at full strength. */
function inverse({ color, background }: AnsiStyle, classes: string[]): AnsiLook['style'] {
  classes.push('ansi-inverse');
  const paper = color === null ? 'var(--text)' : typeof color === 'number' ? named(color) : color;
  if (typeof color === 'string') return { background: paper, color: readable(background, color) };
  return { background: paper, ...(typeof background === 'string' ? { color: background } : {}) };
}

function named(color: number): string {
  return `var(--ansi-${String(color % 8)})`;
}

/** The terminal's own names for colours, where no theme may answer for them. */
const NAMED = [
  '#000000',
  '#cd3131',
  '#0dbc79',
  '#e5e510',
  '#2472c8',
  '#bc3fbc',
  '#11a8cd',
  '#e5e5e5',
  '#666666',
  '#f14c4c',
  '#23d18b',
  '#f5f543',
  '#3b8eea',
  '#d670d6',
  '#29b8db',
  '#ffffff',
] as const;

/** WCAG's for large text: below it nobody meant to be read. */
const LEAST_CONTRAST = 3;

function readable(color: AnsiColor | null, background: string): string {
  const wanted = typeof color === 'number' ? NAMED[color] : color;
  if (wanted !== null && wanted !== undefined && contrast(wanted, background) >= LEAST_CONTRAST)
    return wanted;
  return contrast('#000000', background) >= contrast('#ffffff', background) ? '#000000' : '#ffffff';
}

export function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
