import { createParser } from './markdown-parser.ts';
import { sanitize, type Sanitized, type SanitizeOptions } from './sanitize.ts';

const parser = createParser();

export type ProseOptions = Omit<SanitizeOptions, 'place'>;

export function renderMarkdown(source: string, options: ProseOptions = {}): Sanitized {
  return sanitize(parser.render(source), { ...options, place: 'prose' });
}
