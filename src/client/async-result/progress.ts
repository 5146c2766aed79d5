import type { EngineId } from '../../protocol/ids.ts';
import type { MimeBundle } from '../../protocol/outputs.ts';
import type { TaskFacts } from '../job.ts';

/** How far a call is, at one moment. */
export interface Progress {
  /** What it is called: the function's name. */
  readonly name: string;
  /** Items, or messages, that are done, and how many there are. */
  readonly done: number;
  readonly total: number;
  /** Of `done`: those that failed. */
  readonly failed: number;
  /** 0 to 1, with what running tasks say of themselves by `progress(i, n)`. */
  readonly fraction: number;
  /** Seconds. */
  readonly elapsed: number;
  /** By id. */
  readonly engines: readonly EngineProgress[];
}

export interface EngineProgress {
  readonly id: EngineId;
  readonly done: number;
  /** 0 to 1: what the task that runs there says of itself; null if nothing. */
  readonly own: number | null;
}

/** `weightOf`: the items of a task. `elapsed` in seconds. */
export function measureProgress(
  name: string,
  tasks: Iterable<TaskFacts>,
  weightOf: (task: TaskFacts) => number,
  elapsed: number,
): Progress {
  let [total, done, failed, partly] = [0, 0, 0, 0];
  const engines = new Map<EngineId, { done: number; own: number | null }>();
  for (const task of tasks) {
    const weight = weightOf(task);
    const own = ownFraction(task);
    total += weight;
    if (!task.isPending) done += weight;
    if (task.error) failed += weight;
    partly += (own ?? 0) * weight;
    if (task.engineId === null) continue;
    let engine = engines.get(task.engineId);
    if (!engine) engines.set(task.engineId, (engine = { done: 0, own: null }));
    if (!task.isPending) engine.done += weight;
    engine.own = own ?? engine.own;
  }
  const fraction = total === 0 ? 1 : (done + partly) / total;
  const sorted = [...engines].sort(([a], [b]) => a - b).map(([id, engine]) => ({ id, ...engine }));
  return { name, done, total, failed, fraction, elapsed, engines: sorted };
}

/** Of a running task that has said so. */
function ownFraction({ isPending, ownProgress }: TaskFacts): number | null {
  if (!isPending || !ownProgress) return null;
  const { done, total } = ownProgress;
  return total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
}

/** The bar as a display. */
export function progressBundle(progress: Progress): MimeBundle {
  return {
    data: { 'text/plain': progressText(progress), 'text/html': progressHtml(progress) },
    metadata: {},
  };
}

/** The bar of code that says itself how far it is. `elapsed` in seconds. */
export function ownProgressBundle(done: number, total: number, elapsed: number): MimeBundle {
  const fraction = total > 0 ? Math.min(1, Math.max(0, done / total)) : 1;
  const counted = total === 1 ? '' : ` ${String(done)}/${String(total)}`;
  const left = fraction > 0 && fraction < 1 ? ` · ${clock(remaining({ fraction, elapsed }))} left` : '';
  const bar = `<progress aria-label="Progress" value="${fraction.toFixed(4)}" max="1">${percent(fraction)}</progress>`;
  return {
    data: {
      'text/plain': `${percent(fraction).padStart(4)}|${blocks(fraction)}|${counted} [${clock(elapsed)}]`,
      'text/html': `<div>${bar} ${percent(fraction)}${counted === '' ? '' : ` ·${counted}`} · ${clock(elapsed)}${left}</div>`,
    },
    metadata: {},
  };
}

const BAR_WIDTH = 20;
const MOST_ENGINES = 16;

/** `f:  62%|████████████▌       | 10/16 tasks [00:02<00:01, 4.8 tasks/s] e0: 3, e1: 3, e2: 2, e3: 2` */
export function progressText(progress: Progress): string {
  const { name, fraction } = progress;
  const bar = `${percent(fraction).padStart(4)}|${blocks(fraction)}|`;
  const times = `[${clock(progress.elapsed)}<${clock(remaining(progress))}, ${rate(progress)}]`;
  return [`${name}: ${bar} ${counts(progress)}`, times, engineWords(progress).join(', ')].join(' ').trimEnd();
}

function progressHtml(progress: Progress): string {
  const name = escapeHtml(progress.name);
  const left = progress.fraction < 1 ? ` · ${clock(remaining(progress))} left` : '';
  const engines = engineWords(progress)
    .map((words) => `<code>${words}</code>`)
    .join(' ');
  const anonymous = progress.name === '<anonymous>';
  const label = anonymous ? 'Progress' : name;
  return (
    `<div>${anonymous ? '' : `<code>${name}</code> `}` +
    `<progress aria-label="${label}" value="${progress.fraction.toFixed(4)}" max="1">` +
    `${percent(progress.fraction)}</progress> ${counts(progress)} · ${rate(progress)} · ` +
    `${clock(progress.elapsed)}${left}</div>${engines ? `<div><small>${engines}</small></div>` : ''}`
  );
}

function counts({ done, total, failed }: Progress): string {
  return `${String(done)}/${String(total)} tasks${failed > 0 ? `, ${String(failed)} failed` : ''}`;
}

function engineWords({ engines }: Progress): string[] {
  const shown = engines.slice(0, MOST_ENGINES).map(({ id, done, own }) => {
    return `e${String(id)}: ${String(done)}${own === null ? '' : ` + ${percent(own)}`}`;
  });
  const hidden = engines.length - shown.length;
  return hidden > 0 ? [...shown, `${String(hidden)} more`] : shown;
}

/** Never 100 % before the end. */
function percent(fraction: number): string {
  return `${String(Math.floor(100 * fraction + 1e-9))}%`;
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

function blocks(fraction: number): string {
  const eighths = Math.floor(8 * BAR_WIDTH * fraction + 1e-9);
  return ('█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '')).padEnd(BAR_WIDTH);
}

/** Items per second so far. */
function rate({ fraction, total, elapsed }: Progress): string {
  const perSecond = elapsed > 0 ? (fraction * total) / elapsed : 0;
  if (perSecond === 0) return '? tasks/s';
  const digits = perSecond >= 100 ? perSecond.toFixed(0) : perSecond.toPrecision(3);
  return `${digits} tasks/s`;
}

/** Seconds to the end, if it goes on as it went; null when nobody can tell. */
function remaining({ fraction, elapsed }: Pick<Progress, 'fraction' | 'elapsed'>): number | null {
  return fraction > 0 ? (elapsed * (1 - fraction)) / fraction : null;
}

/** `02:05`, `1:00:00`. */
function clock(seconds: number | null): string {
  if (seconds === null) return '?';
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return `${hours > 0 ? `${String(hours)}:` : ''}${two(minutes)}:${two(whole % 60)}`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}
