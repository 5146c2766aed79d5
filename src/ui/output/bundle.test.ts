import { describe, expect, it } from 'vitest';
import { TABLE_MIME, VALUE_MIME } from '../../protocol/looking.ts';
import { bestOf, formsOf, textOf } from './bundle.ts';
import { clipTypes, contentOf } from './output-content.ts';

describe('which form of an output is shown', () => {
  it('the richest that the page knows', () => {
    const data = { 'text/plain': 'x', 'image/png': 'AAAA', 'application/x-own': 1 };
    expect(bestOf({ data, metadata: { 'image/png': { width: 320, alt: 'A curve' } } })).toEqual({
      mime: 'image/png',
      label: 'Picture',
      value: 'AAAA',
      description: 'A curve',
      width: 320,
    });
  });

  it.each([
    [{ 'text/csv': 'a,b' }, 'text/csv', 'csv'],
    [{ 'text/x-rst': '*a*', 'application/x-own': 1 }, 'text/x-rst', 'x-rst'],
    [{ 'text/plain': 'p', 'text/csv': 'a,b' }, 'text/plain', 'Text'],
    [{ 'text/javascript': 'f()', 'text/plain': 'p' }, 'text/plain', 'Text'],
  ])('any text is shown as it is written: %j', (data, mime, label) => {
    expect(bestOf({ data, metadata: {} })).toMatchObject({ mime, label });
  });

  it('none, when none is known', () => {
    expect(bestOf({ data: { 'application/x-own': 1 }, metadata: {} })).toBeNull();
  });

  it('text in a list of lines is put together', () => {
    expect(textOf(['a\n', 'b'])).toBe('a\nb');
    expect(textOf(7)).toBe('7');
  });

  it('a tree or a table, unless a short text tells all', () => {
    const summary = { kind: 'object', text: '{ a: {…} }', node: 0 };
    const live = { handle: 'h', summary, entries: [{ name: 'a', value: summary }], total: 1 };
    const table = { columns: ['a'], rows: [[1], [2]], rowNames: null, total: 2, handle: null };
    const labels = (data: Readonly<Record<string, unknown>>) =>
      formsOf({ data, metadata: {} }).map(({ label }) => label);
    expect(labels({ [VALUE_MIME]: live, 'text/plain': '{\n  a: { b: [Array] }\n}' })).toEqual([
      'Tree',
      'Text',
    ]);
    expect(labels({ [VALUE_MIME]: live, 'text/plain': '{\n  a: { b: 1 }\n}' })).toEqual(['Text', 'Tree']);
    expect(labels({ [TABLE_MIME]: table, 'text/plain': '[ { a: 1 }, { a: 2 } ]' })).toEqual([
      'Text',
      'Table',
    ]);
    expect(labels({ [TABLE_MIME]: table, 'text/plain': '[\n  { a: 1 },\n  { a: 2 }\n]' })).toEqual([
      'Table',
      'Text',
    ]);
    // Of a stranger's file: another shape is not shown as what it is not.
    expect(
      labels({ [TABLE_MIME]: { ...table, rows: [[{}]] }, [VALUE_MIME]: 1, 'text/plain': 'x\ny' }),
    ).toEqual(['Text']);
    expect(labels({ 'image/svg+xml': '<svg/>', 'text/plain': '<SVG image>' })).toEqual(['Picture']);
  });
});

/** A bundle; the types on the clipboard, and the text. */
it.each<[Readonly<Record<string, unknown>>, readonly string[], string]>([
  [{ 'text/plain': 'words' }, ['text/plain'], 'words'],
  [
    { 'text/html': '<p>a &lt; <b>b</b></p><script>x()</script>', 'text/plain': '<HTML>' },
    ['text/plain', 'text/html'],
    'a < b',
  ],
  [{ 'text/html': '<hr>', 'text/plain': 'a line' }, ['text/plain', 'text/html'], 'a line'],
  [{ 'text/markdown': '**x**' }, ['text/plain', 'text/html'], '**x**'],
  [{ 'image/svg+xml': '<svg></svg>', 'text/plain': '<svg>' }, ['image/png'], '<svg></svg>'],
  [{ 'image/jpeg': 'aGk=', 'text/plain': 'A photo' }, ['image/png'], 'A photo'],
  [{ 'text/latex': '$x$' }, ['text/plain'], '$x$'],
  [{ 'application/json': { a: 1 } }, ['text/plain'], '{\n  "a": 1\n}'],
])('%j on the clipboard', (data, types, text) => {
  const bundle = { data, metadata: {} };
  const shown = bestOf(bundle);
  const content = contentOf({ type: 'display', lane: null, bundle }, shown);
  expect(clipTypes(content, shown)).toEqual(types);
  expect(content.text).toBe(text);
});
