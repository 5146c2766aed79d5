/** The parts of the page that F6 goes through, in reading order. */
const REGIONS = [
  '.top-bar',
  '.rail',
  '.drawer',
  '.banners',
  '.find-bar',
  '.start-page',
  '.cell-list',
  '.engine-panel',
  '.task-drawer',
] as const;

const FOCUSABLE =
  'button:not(:disabled), input:not(:disabled), select, a[href], textarea, [tabindex]:not([tabindex="-1"])';

/** Moves the focus into the next part of the page that has something to focus, round and round. */
export function goToRegion(direction: 1 | -1): void {
  const regions = REGIONS.flatMap((selector) => document.querySelector<HTMLElement>(selector) ?? []).filter(
    (region) => entryOf(region) !== null,
  );
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const start = at < 0 && direction === -1 ? 0 : at;
  const next = regions[(start + direction + regions.length) % regions.length];
  if (next) entryOf(next)?.focus();
}

function entryOf(region: HTMLElement): HTMLElement | null {
  const chosen = region.querySelector<HTMLElement>('.cell.selected');
  if (chosen) return chosen;
  const candidates = [...region.querySelectorAll<HTMLElement>(FOCUSABLE)];
  return candidates.find((element) => element.offsetParent !== null && element.tabIndex >= 0) ?? null;
}
