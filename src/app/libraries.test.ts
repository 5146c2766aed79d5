import { describe, expect, it } from 'vitest';
import { findLibrary } from './libraries.ts';

describe('bundled libraries', () => {
  it('a name of the list gives the text of its part', async () => {
    expect(await findLibrary('d3', (part) => Promise.resolve(`text of ${part}`))).toEqual({
      ok: true,
      source: 'text of libs/d3',
    });
  });

  it('any other name is refused and nothing is read', async () => {
    const read = () => Promise.reject(new Error('read'));
    for (const name of ['../page', 'toString', 'lodash']) {
      const answer = await findLibrary(name, read);
      expect(answer).toMatchObject({
        ok: false,
        reason: expect.stringContaining(`no bundled library '${name}'`) as string,
      });
    }
  });

  it('a text that does not come is a refusal with the reason', async () => {
    expect(await findLibrary('d3', () => Promise.reject(new Error('gone')))).toEqual({
      ok: false,
      reason: 'gone',
    });
  });
});
