import MarkdownItClass, { type MarkdownIt } from 'markdown-it';
import { unendedHtml } from './markdown-html.ts';
import { addTaskLists } from './markdown-tasks.ts';

/** HTML inside Markdown is HTML, as in Jupyter; with all that Markdown makes it goes through the sanitiser. */
export function createParser(): MarkdownIt {
  const parser = new MarkdownItClass({ html: true, linkify: true, typographer: false });
  const validate = parser.validateLink.bind(parser);
  // Pictures as data are the sanitiser's.
  parser.validateLink = (url) => validate(url) || /^data:image\//i.test(url.trim());
  unendedHtml(parser);
  addTaskLists(parser);
  return parser;
}
