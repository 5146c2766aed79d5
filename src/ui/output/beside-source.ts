/** Where a link to a file beside the notebook goes, which came from `source`: a notebook opens in a page of ours (`?nb=`),
 * all else where it is. Null: it is no such link. */
export function besideSource(source: string, link: string): string | null {
  if (link.startsWith('#')) return null;
  const url = URL.parse(link, source);
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  return /\.ipynb$/i.test(url.pathname) ? `?nb=${encodeURIComponent(url.href)}` : url.href;
}
