import type { MarkdownIt, StateCore } from 'markdown-it';

const TASK = /^\[([ xX])\][ \t]+(?=\S)/;

/** `- [ ] todo` and `- [x] done`, as GitHub and JupyterLab have them. */
export function addTaskLists(parser: MarkdownIt): void {
  parser.core.ruler.after('inline', 'task_lists', (state: StateCore) => {
    const { tokens } = state;
    for (const [i, token] of tokens.entries()) {
      if (token.type !== 'inline' || tokens[i - 2]?.type !== 'list_item_open') continue;
      const [first] = token.children ?? [];
      const task = first?.type === 'text' ? TASK.exec(first.content) : null;
      if (!first || !task) continue;
      first.content = first.content.slice(task[0].length);
      const box = new state.Token('html_inline', '', 0);
      const done = task[1] !== ' ';
      box.content = `<input type="checkbox" disabled${done ? ' checked' : ''} aria-label="${done ? 'Done' : 'To do'}"> `;
      token.children?.unshift(box);
    }
  });
}
