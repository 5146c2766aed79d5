import { expect, test } from 'vitest';
import { ACTION_NAMES } from '../actions.ts';
import { matchActions } from './palette.ts';

test('an empty query lists every action, the palette itself excepted', () => {
  expect(matchActions(' ').length).toBe(ACTION_NAMES.length - 2);
});

test('each word must be found; words that begin the title come first', () => {
  expect(matchActions('run all')[0]).toBe('run-all');
  expect(matchActions('mer abov')).toEqual(['merge-above']);
  expect(matchActions('zzz')).toEqual([]);
});
