import fc from 'fast-check';
import { type DefaultTreeAdapterMap, parseFragment } from 'parse5';
import { describe, expect, it, test } from 'vitest';
import { cssDepth } from './css-depth.ts';
import { boundedMarkup, partsOf, textOfMarkup } from './markup-scan.ts';

const NO_BOUNDS = { characters: Infinity, nodes: Infinity, depth: Infinity };

describe('what is read of markup', () => {
  it.each([
    ['<p>a &lt; b, <b>bo</b>ld</p>', 'a < b, bold'],
    ['<style>.x{}</style><script>1 < 2</script>text', 'text'],
    ['<svg><style>.x{}</style><text>t</text><title>n</title></svg>', 't n'],
    ['<!-- no --><!---->a<!-->b<!--->c<!-- unended <p>d', 'abc'],
    ['<a title="x > y" href=\'>\'>link</a>', 'link'],
    ['<a title=x>y</a>', 'y'],
    ['1 < 2 <3 </ comment>x', '1 < 2 <3 x'],
    ['&#65;&#x42;&nosuch;&#1114112;', 'AB&nosuch;'],
    ['<textarea><b>raw</b></textarea>', '<b>raw</b>'],
    ['<?xml version="1.0"?><!DOCTYPE svg><svg><text>t', 't'],
  ])('%s', (markup, text) => {
    expect(textOfMarkup(markup).replace(/\s+/g, ' ').trim()).toBe(text);
  });
});

/** Pieces of which markup can be made that is costly to parse, to walk, or to lay out. */
const PIECES = [
  '<div>',
  '</div>',
  '<b>',
  '<b a=1>',
  '</b>',
  '<i>',
  '<p>',
  '</p>',
  '<table>',
  '<td>',
  '<tr>',
  '</table>',
  '<svg>',
  '</svg>',
  '<style>',
  '</style>',
  '<title>',
  '</title>',
  '<g/>',
  '<!--',
  '-->',
  '<?',
  '<![CDATA[',
  ']]>',
  '</',
  '<',
  '>',
  '"',
  "'",
  '=',
  '<a href="',
  '&amp;',
  '&#',
  'text ',
  '<script>',
  '</script>',
];

function nodesOf(node: DefaultTreeAdapterMap['node']): number {
  return 'childNodes' in node ? node.childNodes.reduce((sum, child) => sum + 1 + nodesOf(child), 0) : 0;
}

test('what stays inside the bounds is parsed to about as many nodes', () => {
  const bounds = { ...NO_BOUNDS, nodes: 60 };
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 200 }), (pieces) => {
      const markup = pieces.join('');
      const kept = markup.slice(0, boundedMarkup(markup, bounds));
      // `html`, `tbody` and the like come of themselves; a text may end up in two pieces.
      expect(nodesOf(parseFragment(kept))).toBeLessThan(4 * bounds.nodes + 20);
    }),
    { numRuns: 300 },
  );
});

test('open formatting elements come again in each block: they are counted, as the parser makes them', () => {
  const formats = Array.from({ length: 100 }, (_, i) => `<b a=${String(i)}>`).join('');
  const markup = `<p>${formats}</p>${'<p>x</p>'.repeat(100)}`;
  expect(nodesOf(parseFragment(markup))).toBeGreaterThan(10_000);
  const kept = markup.slice(0, boundedMarkup(markup, { ...NO_BOUNDS, nodes: 1000 }));
  expect(nodesOf(parseFragment(kept))).toBeLessThan(1200);
});

function stylesIn(node: DefaultTreeAdapterMap['node']): readonly string[] {
  const values = 'attrs' in node ? node.attrs.map(({ value }) => value) : [];
  if (!('childNodes' in node)) return values;
  const text = node.childNodes.map((child) => ('value' in child ? child.value : '')).join('');
  return [...values, ...(node.nodeName === 'style' ? [text] : []), ...node.childNodes.flatMap(stylesIn)];
}

describe('styles whose brackets stand too deep for a browser are cut off before it reads them', () => {
  const DEEP = 17;
  test.each([
    ['a style', `<p>x</p><style>${'a{'.repeat(DEEP)}</style>`],
    ['an attribute', `<p>x</p><p style="color:${'var(--x,'.repeat(DEEP)}red">`],
    ['an attribute without quotes', `<p>x</p><p style=color:${'var(--x,'.repeat(DEEP)}red>`],
    ['an attribute of SVG', `<p>x</p><svg><g fill='${'var(--x,'.repeat(DEEP)}red'>`],
    ['written as references', `<p>x</p><p style="${'a&#40b&lpar;c&#x28;'.repeat(DEEP)}">`],
    ['hidden by a quote that is none', `<p>x</p><p style="&quot;&#10;${'('.repeat(DEEP)}">`],
    ['a style in CDATA', `<p>x</p><svg><style><![CDATA[${'a{'.repeat(DEEP)}]]></style>`],
    ['in pieces', `<p>x</p><svg><style>${`${'a{'.repeat(9)}<!--</style>-->`.repeat(3)}</style>`],
    [
      'in an SVG that has been left',
      `<p>x</p><svg></math><style>${`${'a{'.repeat(9)}<![CDATA[]]><g/>`.repeat(3)}`,
    ],
    ['the media of a style', `<p>x</p><style media="${'('.repeat(DEEP)}">a{}</style>`],
  ])('%s', (_, markup) => {
    const kept = markup.slice(0, boundedMarkup(markup, NO_BOUNDS));
    expect(kept).toMatch(/^<p>x<\/p>(?:<svg>(?:<\/math>)?)?$/);
  });

  test('whatever it is made of', () => {
    const pieces = [
      ...PIECES,
      '<p style="',
      '<p style=',
      '(',
      '(((',
      '{{{',
      '&#40;((',
      '[[',
      ')',
      '/*',
      '*/',
      '\\',
      '\n',
      'url(',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 120 }), (parts) => {
        const markup = parts.join('');
        const kept = markup.slice(0, boundedMarkup(markup, NO_BOUNDS));
        // Few brackets stand nowhere deep, whatever else is not known of them.
        for (const css of stylesIn(parseFragment(kept)))
          if ((css.match(/[([{]/g)?.length ?? 0) > 16) expect(cssDepth(css)).toBeLessThanOrEqual(16);
      }),
      { numRuns: 2000 },
    );
  });

  test('but not what people write', () => {
    for (const markup of [
      '<style>@media (width > 1px){@supports (a:b){a:not(.b){width:calc(1px * (2 + min(1px, 2px)))}}}</style>ok',
      '<svg><style type="text/css"><![CDATA[*{stroke-linejoin:round}]]></style><path d="M0 0"/></svg>',
      `<p title="${'(a) '.repeat(100)}" data-x="${'&amp;'.repeat(100)}">${'('.repeat(100)}</p>`,
      `<script>${'{'.repeat(100)}</script>ok`,
    ])
      expect(boundedMarkup(markup, NO_BOUNDS)).toBe(markup.length);
  });
});

test('what a reader of notebooks brings is not cut', () => {
  const row = '<tr><th>0</th><td><b>1</b></td><td>2<br><img src=x></td>';
  const frame = `<div><style scoped>td{}</style><table><thead><tr><th>a<tbody>${row.repeat(500)}</table></div>`;
  const svg = `<svg>${'<g><path d="M0 0"/><text>1</text></g>'.repeat(500)}</svg>`;
  for (const markup of [frame, svg]) {
    expect(boundedMarkup(markup, { characters: 100_000, nodes: 6000, depth: 30 })).toBe(markup.length);
  }
});

test.each([
  ['characters', 'x'.repeat(50), { ...NO_BOUNDS, characters: 10 }, 0],
  ['characters, at a tag', '<p>12345</p><p>6', { ...NO_BOUNDS, characters: 14 }, 12],
  ['depth', '<div>'.repeat(5), { ...NO_BOUNDS, depth: 3 }, 15],
  ['nodes', '<hr>'.repeat(5), { ...NO_BOUNDS, nodes: 2 }, 8],
] as const)('cut by %s', (_name, markup, bounds, length) => {
  expect(boundedMarkup(markup, bounds)).toBe(length);
});

test('every part is inside the text and behind the one before', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }), (pieces) => {
      const markup = pieces.join('');
      let end = 0;
      for (const part of partsOf(markup)) {
        expect(part.start).toBeGreaterThanOrEqual(end);
        expect(part.end).toBeGreaterThan(part.start);
        end = part.end;
      }
      expect(end).toBeLessThanOrEqual(markup.length);
    }),
  );
});
