import { expect, test } from 'vitest';
import { isMixedContent, readJoinLink } from './join-link.ts';

test('a join link says where it leads, wherever it stands', () => {
  const link = { url: 'wss://node7:8090/ipp', host: 'node7:8090', code: 'a-b_c' };
  expect(readJoinLink('#join=wss%3A%2F%2Fnode7%3A8090%2Fipp&t=a-b_c')).toEqual(link);
  expect(readJoinLink(' https://app.example/x#join=wss%3A%2F%2Fnode7%3A8090%2Fipp&t=a-b_c\n')).toEqual(link);
});

test.each([
  ['', 'This is no join link'],
  ['#join=wss%3A%2F%2Fnode7', 'This is no join link'],
  ['#join=https%3A%2F%2Fnode7&t=x', "leads to 'https://node7', which is no address of a gateway"],
  ['#join=nonsense&t=x', 'no address of a gateway'],
  ['#join=wss%3A%2F%2Fnode7&t=%22%3E', 'characters that no code has'],
])('%s is refused with a sentence', (text, sentence) => {
  expect(() => readJoinLink(text)).toThrow(sentence);
});

test('a page from https opens unencrypted connections to its own machine only', () => {
  const page = new URL('https://app.example/');
  const to = (url: string) => ({ url, host: '', code: '' });
  expect(isMixedContent(to('ws://node7:8090/'), page)).toBe(true);
  expect(isMixedContent(to('wss://node7:8090/'), page)).toBe(false);
  expect(isMixedContent(to('ws://127.0.0.1:8090/'), page)).toBe(false);
  expect(isMixedContent(to('ws://node7:8090/'), new URL('http://localhost:4173/'))).toBe(false);
});
