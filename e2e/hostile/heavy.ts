import {
  DeepJson,
  codeCell,
  failed,
  markdownCell,
  notebookOf,
  printed,
  shown,
  type NotebookFile,
} from './notebook-file.ts';

/** Notebooks that are heavy to read or to draw: opening one must not end, freeze or empty the page. */
export interface HeavyNotebook {
  readonly name: string;
  /** Belongs to the quick half, which every change passes. */
  readonly quick?: boolean;
  readonly file: () => NotebookFile;
}

const many = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));
const html = (text: string) => notebookOf([codeCell('0', [shown({ 'text/html': text })])]);
const svg = (text: string) => notebookOf([codeCell('0', [shown({ 'image/svg+xml': text })])]);
const markdown = (text: string) => notebookOf([markdownCell(text)]);
const json = (value: unknown) => notebookOf([codeCell('0', [shown({ 'application/json': value })])]);
const traceback = (text: string) => notebookOf([codeCell('0', [failed([text])])]);
const stdout = (text: string) => notebookOf([codeCell('0', [printed(text)])]);

const nested = (open: string, n: number, close = '') => open.repeat(n) + close.repeat(n);
const deepArray = (depth: number) => new DeepJson('['.repeat(depth) + ']'.repeat(depth));

export const HEAVY: readonly HeavyNotebook[] = [
  { name: 'unbalanced braces for the formulas', quick: true, file: () => markdown(`$${'{'.repeat(162)}$`) },
  { name: 'braces nested 60,000 deep', file: () => markdown(`$$${nested('{', 60_000, '}')}$$`) },
  {
    name: '\\begin{a} 60,000 times',
    quick: true,
    file: () => markdown(`$$${'\\begin{a}'.repeat(60_000)}$$`),
  },
  {
    name: 'fractions nested 5,000 deep',
    file: () => markdown(`$$${'\\frac{1}{'.repeat(5000)}x${'}'.repeat(5000)}$$`),
  },
  {
    name: 'macros that double',
    quick: true,
    file: () =>
      markdown(
        `$$\\def\\a{xx}${many(30, (i) => `\\def\\${letters(i + 1)}{\\${letters(i)}\\${letters(i)}}`).join('')}\\${letters(30)}$$`,
      ),
  },
  {
    name: 'a long macro, used often',
    file: () => markdown(`$\\def\\a{${'x'.repeat(1500)}}$\n\n${`$${'\\a'.repeat(190)}$\n\n`.repeat(150)}`),
  },
  { name: '20,000 small formulas', quick: true, file: () => markdown('$x^2$ '.repeat(20_000)) },
  { name: 'dollar signs only', file: () => markdown('$'.repeat(200_000)) },
  { name: 'emphasis marks only', quick: true, file: () => markdown('*_'.repeat(100_000)) },
  { name: 'brackets only', quick: true, file: () => markdown('['.repeat(100_000)) },
  { name: 'link openers', file: () => markdown('[a]('.repeat(50_000)) },
  { name: 'image openers', file: () => markdown('!['.repeat(50_000)) },
  { name: 'code fences nested in quotes', file: () => markdown('> '.repeat(20_000) + 'x') },
  {
    name: 'lists nested 10,000 deep',
    file: () => markdown(many(3000, (i) => `${' '.repeat(i * 2)}- x`).join('\n')),
  },
  { name: 'backticks of all lengths', file: () => markdown(many(3000, (i) => '`'.repeat(i + 1)).join(' ')) },
  { name: 'angle brackets', file: () => markdown('<'.repeat(200_000)) },
  { name: 'comment openers', file: () => markdown('<!--'.repeat(50_000)) },
  { name: 'entities', file: () => markdown('&amp;'.repeat(100_000)) },
  {
    name: 'a Markdown table of 50,000 columns',
    quick: true,
    file: () => markdown(`${'|a'.repeat(50_000)}|\n${'|-'.repeat(50_000)}|\n${'|b'.repeat(50_000)}|`),
  },
  { name: 'a Markdown table of 50,000 rows', file: () => markdown(`|a|\n|-|\n${'|b|\n'.repeat(50_000)}`) },
  {
    name: '20,000 link definitions',
    file: () => markdown(many(20_000, (i) => `[l${i}]: https://example.org/${i}`).join('\n') + '\n\n[l1]'),
  },
  { name: '10,000 headings', file: () => markdown(many(10_000, (i) => `# h${i}`).join('\n')) },
  { name: 'one line of 5 MB', file: () => markdown('x'.repeat(5_000_000)) },
  { name: '100,000 nested <div>', quick: true, file: () => html(nested('<div>', 100_000)) },
  { name: '100,000 <div> beside each other', file: () => html('<div>x</div>'.repeat(100_000)) },
  { name: 'nested tables', file: () => html(nested('<table><tr><td>', 5000)) },
  {
    name: 'nested formatting that the parser re-opens',
    file: () => html(many(3000, () => '<b><i><u><s><p>').join('')),
  },
  {
    name: 'nested <font> with the adoption rule',
    file: () => html('<a><b>'.repeat(3000) + '<p>' + '</a></b>'.repeat(3000)),
  },
  {
    name: 'an element with 100,000 attributes',
    file: () => html(`<p ${many(100_000, (i) => `a${i}=1`).join(' ')}>t</p>`),
  },
  { name: 'an attribute of 5 MB', file: () => html(`<p title="${'x'.repeat(5_000_000)}">t</p>`) },
  {
    name: 'a style with 50,000 rules',
    file: () =>
      html(`<style>${many(50_000, (i) => `.a${i} > .b:not(.c) ~ p{color:red}`).join('')}</style><p>t</p>`),
  },
  {
    name: 'selectors that look at everything from everywhere',
    quick: true,
    file: () =>
      html(
        `<style>${':has(:not(b) ~ * ~ i){color:red} * ~ * ~ * ~ *{color:red}'.repeat(500)}</style>${'<p>x</p>'.repeat(4000)}`,
      ),
  },
  {
    name: 'values in values in values',
    quick: true,
    file: () => html(`<p style="color:${'var(--x,'.repeat(20_000)}red${')'.repeat(20_000)}">t</p>`),
  },
  {
    name: 'mixed colours in mixed colours',
    file: () =>
      html(`<p style="color:${'color-mix(in srgb,'.repeat(300)}red,red${',red)'.repeat(300)}">t</p>`),
  },
  {
    name: 'conditions in conditions',
    file: () =>
      svg(`<svg><style>@supports ${'('.repeat(50_000)}a:b${')'.repeat(50_000)}{a{b:c}}</style></svg>`),
  },
  {
    name: '9,000 elements that never rest',
    file: () =>
      html(
        `<style>@keyframes k{from{width:1px}} p{animation:k .1s infinite}</style>${'<p>x</p>'.repeat(9000)}`,
      ),
  },
  { name: 'a style that never ends', quick: true, file: () => html(`<style>${'a{'.repeat(100_000)}`) },
  { name: 'nested <math>', file: () => html(nested('<math><mtext>', 10_000)) },
  { name: 'nested <svg><g>', file: () => svg(`<svg>${nested('<g>', 50_000)}`) },
  {
    name: 'an SVG whose <use> doubles thirty times',
    quick: true,
    file: () =>
      svg(
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><defs><rect id="u0" width="1" height="1"/>${many(30, (i) => `<g id="u${i + 1}"><use href="#u${i}"/><use href="#u${i}"/></g>`).join('')}</defs><use href="#u30"/></svg>`,
      ),
  },
  {
    name: 'an SVG whose patterns double',
    file: () =>
      svg(
        `<svg viewBox="0 0 9 9"><defs>${many(24, (i) => `<pattern id="p${i + 1}" width="1" height="1"><rect width="1" height="1" fill="url(#p${i})"/><rect width="1" height="1" fill="url(#p${i})"/></pattern>`).join('')}</defs><rect width="9" height="9" fill="url(#p24)"/></svg>`,
      ),
  },
  {
    name: 'an SVG with a filter of 1e9 pixels',
    file: () =>
      svg(
        `<svg viewBox="0 0 9 9"><filter id="f" x="-99999" y="-99999" width="199999" height="199999"><feTurbulence baseFrequency=".9" numOctaves="9"/><feGaussianBlur stdDeviation="9999"/></filter><rect width="9" height="9" filter="url(#f)"/></svg>`,
      ),
  },
  {
    name: 'an SVG path of 3 MB',
    file: () => svg(`<svg viewBox="0 0 9 9"><path d="M0 0${'L1 1L0 0'.repeat(375_000)}"/></svg>`),
  },
  {
    name: 'an SVG of 1e7 pixels a side',
    file: () => svg(`<svg width="10000000" height="10000000"><rect width="9" height="9"/></svg>`),
  },
  { name: 'JSON nested 5,000 deep', quick: true, file: () => json(deepArray(5000)) },
  {
    name: 'JSON with 300,000 keys',
    file: () => json(Object.fromEntries(many(300_000, (i) => [`k${i}`, i]))),
  },
  { name: 'JSON text of 5 MB', file: () => json('x'.repeat(5_000_000)) },
  {
    name: 'a traceback with a carriage return',
    quick: true,
    file: () => traceback(`${'a'.repeat(100_000)}\r${'b'.repeat(100_000)}`.repeat(5)),
  },
  {
    name: 'an error whose name has 10 MB',
    file: () =>
      notebookOf([
        codeCell('0', [{ ...failed(['e']), ename: 'n'.repeat(10_000_000), evalue: 'v'.repeat(10_000_000) }]),
      ]),
  },
  { name: 'a traceback of 100,000 lines', file: () => traceback('  at f (cell-1:1:1)\n'.repeat(100_000)) },
  { name: 'a traceback of colours only', file: () => traceback('\u001b[31m\u001b[42m'.repeat(100_000)) },
  {
    name: '50,000 tracebacks',
    file: () => notebookOf([codeCell('0', [failed(many(50_000, (i) => `line ${i}`))])]),
  },
  { name: 'carriage returns only', quick: true, file: () => stdout('a\r'.repeat(500_000)) },
  { name: 'backspaces only', quick: true, file: () => stdout('ab\b'.repeat(300_000)) },
  { name: 'colours only', file: () => stdout('\u001b[38;5;208ma'.repeat(100_000)) },
  { name: 'escapes that never end', quick: true, file: () => stdout('\u001b['.repeat(200_000)) },
  { name: 'an escape of 1 MB', file: () => stdout(`\u001b[${'1;'.repeat(500_000)}m`) },
  {
    name: 'hyperlinks in the terminal way',
    file: () => stdout('\u001b]8;;https://evil.example\u0007x'.repeat(30_000)),
  },
  { name: 'text of 20 MB', file: () => stdout('0123456789abcdef\n'.repeat(1_200_000)) },
  { name: 'one line of 10 MB', file: () => stdout('x'.repeat(10_000_000)) },
  {
    name: '30,000 saved outputs',
    quick: true,
    file: () =>
      notebookOf([
        codeCell(
          '0',
          many(30_000, (i) => shown({ 'text/plain': `o${i}` })),
        ),
      ]),
  },
  {
    name: '30,000 streams',
    file: () =>
      notebookOf([
        codeCell(
          '0',
          many(30_000, (i) => printed(`${i}\n`, i % 2 ? 'stderr' : 'stdout')),
        ),
      ]),
  },
  {
    name: '20,000 lanes',
    quick: true,
    file: () =>
      notebookOf([
        codeCell(
          '%px 0',
          many(20_000, (i) => ({
            ...shown({ 'text/plain': `o${i}` }),
            metadata: { tutti: { engine: i, engineId: i, lane: i } },
          })),
        ),
      ]),
  },
  { name: '20,000 cells', file: () => notebookOf(many(20_000, (i) => codeCell(`x = ${i}`))) },
  { name: '5,000 Markdown cells', file: () => notebookOf(many(5000, (i) => markdownCell(`# h${i}\n$x$`))) },
  { name: 'a cell of 5 MB', file: () => notebookOf([codeCell('x = 1;\n'.repeat(700_000))]) },
  {
    name: 'a cell of one line of 2 MB',
    file: () => notebookOf([codeCell(`x = "${'y'.repeat(2_000_000)}"`)]),
  },
  { name: 'a cell of brackets', quick: true, file: () => notebookOf([codeCell('['.repeat(100_000))]) },
  { name: 'a cell of template openers', file: () => notebookOf([codeCell('`${'.repeat(50_000))]) },
  { name: 'a cell of type arguments', file: () => notebookOf([codeCell('a<'.repeat(20_000))]) },
  {
    name: 'a table of 50,000 columns',
    quick: true,
    file: () =>
      notebookOf([
        codeCell('0', [
          shown({
            'application/vnd.dataresource+json': {
              schema: { fields: many(50_000, (i) => ({ name: `c${i}`, type: 'number' })) },
              data: [Object.fromEntries(many(50_000, (i) => [`c${i}`, i]))],
            },
          }),
        ]),
      ]),
  },
  {
    name: "a table of Tutti's own that lies about its size",
    file: () =>
      notebookOf([
        codeCell('0', [
          shown({
            'application/vnd.tutti.table+json': {
              columns: many(50_000, (i) => `c${i}`),
              rows: 1e15,
              data: [],
            },
            'text/plain': 't',
          }),
        ]),
      ]),
  },
  {
    name: 'pictures of 30,000 by 30,000',
    file: () => notebookOf([codeCell('0', [shown({ 'image/png': hugePng() })])]),
  },
  {
    name: 'pictures that are none',
    quick: true,
    file: () =>
      notebookOf([codeCell('0', [shown({ 'image/png': 'AAAA'.repeat(100_000), 'text/plain': 'p' })])]),
  },
  {
    name: 'metadata 5,000 deep',
    quick: true,
    file: () => notebookOf([codeCell('0')], { tutti: deepArray(5000), other: deepArray(5000) }),
  },
  {
    name: 'metadata that asks for 10,000 engines',
    quick: true,
    file: () =>
      notebookOf([codeCell('0')], { tutti: { engines: 10_000, n: 10_000, network: true, trusted: true } }),
  },
  {
    name: 'names of prototypes',
    quick: true,
    file: () =>
      JSON.parse(
        '{"nbformat":4,"nbformat_minor":5,"metadata":{"__proto__":{"owned":1},"constructor":{"prototype":{"owned":1}}},"cells":[{"id":"__proto__","cell_type":"code","metadata":{"__proto__":{"owned":1}},"source":"0","outputs":[{"output_type":"display_data","metadata":{},"data":{"__proto__":"x","constructor":"y","text/plain":"z"}}],"execution_count":null}]}',
      ) as NotebookFile,
  },
  {
    name: 'ids twice, and ids of the page',
    quick: true,
    file: () => notebookOf(many(5, () => ({ ...codeCell('0'), id: 'root' }))),
  },
  {
    name: 'wrong kinds everywhere',
    quick: true,
    file: () => ({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: [],
      cells: [
        {
          id: 3,
          cell_type: 'code',
          metadata: null,
          source: { a: 1 },
          outputs: [
            null,
            3,
            'x',
            { output_type: 'stream', text: {} },
            { output_type: 'display_data', data: [] },
            { output_type: 'error', traceback: 5 },
          ],
          execution_count: 'x',
        },
        null,
        7,
      ],
    }),
  },
  {
    name: 'a name of 1 MB',
    file: () =>
      notebookOf([codeCell('0')], {
        title: 'n'.repeat(1_000_000),
        name: 'n'.repeat(1_000_000),
        tutti: { name: 'n'.repeat(1_000_000) },
      }),
  },
  {
    name: 'an attachment of 10 MB',
    file: () =>
      notebookOf([
        markdownCell('![a](attachment:a.png)'.repeat(500), {
          'a.png': { 'image/png': 'A'.repeat(10_000_000) },
        }),
      ]),
  },
  {
    name: '10,000 references to one attachment',
    file: () =>
      notebookOf([
        markdownCell('![a](attachment:a.png)\n'.repeat(10_000), {
          'a.png': { 'image/png': 'A'.repeat(100_000) },
        }),
      ]),
  },
];

/** a … z, aa …: names of macros. */
function letters(n: number): string {
  return n < 26 ? String.fromCharCode(97 + n) : letters(Math.floor(n / 26) - 1) + letters(n % 26);
}

/** The head of a picture that says it has 900 million pixels. */
function hugePng(): string {
  const head = Buffer.from('89504e470d0a1a0a0000000d49484452000075300000753008060000000000000000', 'hex');
  return head.toString('base64');
}
