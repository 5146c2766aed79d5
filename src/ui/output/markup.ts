/** What draws foreign markup: Markdown, HTML, SVG. Loaded beside the page (`use-markup.ts`), not with it. */
export { renderMarkdown, type ProseOptions } from './markdown.ts';
export {
  BOUNDS,
  NAME_PREFIX,
  sanitize,
  type Sanitized,
  type SanitizeOptions,
  WIDE_BOUNDS,
} from './sanitize.ts';
