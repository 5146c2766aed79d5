/** Math in Markdown: the plugin brings no declarations of its own. */
declare module 'markdown-it-texmath' {
  import type { MarkdownIt } from 'markdown-it';

  interface Rule {
    readonly name: 'math_inline' | 'math_inline_double' | 'math_block' | 'math_block_eqno';
    readonly rex: RegExp;
    /** Markup with the formula in place of `$1`. */
    readonly tmpl: string;
    readonly tag: string;
  }

  interface Texmath {
    (
      parser: MarkdownIt,
      options: {
        readonly engine: { renderToString(tex: string, options: { readonly displayMode: boolean }): string };
        readonly delimiters: string | readonly string[];
      },
    ): void;
    readonly rules: Record<string, { readonly inline: readonly Rule[]; readonly block: readonly Rule[] }>;
  }

  const texmath: Texmath;
  export default texmath;
}
