import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asWritten, cutFront, growStream, readCut, type StreamOutput } from './stream-text.ts';

const empty: StreamOutput = { type: 'stream', lane: null, name: 'stdout', text: '' };

const written = (...chunks: readonly string[]) => chunks.reduce(growStream, empty).text;

test('chunks follow each other', () => {
  expect(written('a', 'b\n', 'c')).toBe('ab\nc');
});

test('what follows a carriage return replaces the line', () => {
  expect(written('10%\r20%\r30%')).toBe('30%');
  expect(written('done\n10%', '\r20%')).toBe('done\n20%');
  expect(written('10%\r', '20%\r', '30%\r')).toBe('30%\r');
});

test('a carriage return before a line feed is a line end, in one chunk or in two', () => {
  expect(written('a\r\nb')).toBe('a\nb');
  expect(written('a\r', '\nb')).toBe('a\nb');
  expect(written('a\r\r', '\r\nb')).toBe('a\nb');
});

test('text is the same however it is cut into chunks, and when it comes back from a file between them', () => {
  const piece = fc.stringMatching(/^[ab\r\n]{0,6}$/);
  fc.assert(
    fc.property(fc.array(piece), (chunks) => {
      const whole = written(chunks.join(''));
      expect(written(...chunks)).toBe(whole);
      const remembered = chunks.reduce((output, chunk) => growStream({ ...output }, chunk), empty);
      expect(remembered.text).toBe(whole);
    }),
  );
});

test('a whole text is what a stream of it would have become', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[ab\r\n]{0,12}$/), (text) => {
      expect(asWritten(text)).toBe(written(text));
    }),
  );
});

test.each([
  ['b\bc', 'c'],
  ['ab\b\b\bc', 'c'],
  ['a\n\b\bc', 'a\nc'],
  ['10%\r20%\b!', '20!'],
])('a backspace takes a character away, but no line: %j', (text, seen) => {
  expect(asWritten(text)).toBe(seen);
});

test('ten thousand progress lines below a long text, then as many dots, take no quadratic time', () => {
  const start = performance.now();
  const long = `${'x'.repeat(79)}\n`.repeat(12_000);
  let output = growStream(empty, long);
  for (let i = 0; i < 10_000; i++) output = growStream(output, `\r${String(i)}`);
  for (let i = 0; i < 10_000; i++) output = growStream(output, '.');
  expect(output.text === `${long}9999${'.'.repeat(10_000)}`).toBe(true);
  // Copying the text for each chunk would be 20 GB.
  expect(performance.now() - start).toBeLessThan(5_000);
});

test('a cut begins at a line and says how much is gone, over several cuts', () => {
  const cut = cutFront('first line\nsecond\nthird\n', 3, 0);
  expect(cut).toBe('[… 11 earlier characters are not kept …]\nsecond\nthird\n');
  const { lost, rest } = readCut(cut);
  expect(cutFront(rest, 2, lost)).toBe('[… 18 earlier characters are not kept …]\nthird\n');
});
