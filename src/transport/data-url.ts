/** The address of a script that is its own text. */
export function dataUrl(script: string): string {
  return `data:text/javascript;charset=utf-8,${encodeURIComponent(script)}`;
}
