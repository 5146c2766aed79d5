import { expect, test } from 'vitest';
import type { FromController, ToController } from '../protocol/client-messages.ts';
import type { ClientId } from '../protocol/ids.ts';
import type { Link } from '../protocol/link.ts';
import { PartLink } from '../protocol/part-link.ts';
import { Switchboard, type ClusterEnd } from './switchboard.ts';

type ClientLink = Link<ToController, FromController>;

/** A cluster that notes what it hears. */
function cluster(): ClusterEnd & { heard: string[]; tell: () => void } {
  const heard: string[] = [];
  const links: ClientLink[] = [];
  return {
    heard,
    tell: () => {
      for (const link of links) link.post({ type: 'engines', engines: [] });
    },
    attachClient: (link) => {
      links.push(link);
      link.onMessages((batch) => heard.push(...batch.map(({ type }) => type)));
      link.onLost((reason) => heard.push(reason));
    },
  };
}

test('clients go over to the next cluster, and the old one hears that they are gone', () => {
  const [first, second] = [cluster(), cluster()];
  const told: FromController[] = [];
  const line = new PartLink<ToController, FromController>({
    post: (message) => told.push(message),
    flush: () => undefined,
  });
  const board = new Switchboard(first);
  board.attachClient(line);
  line.deliver([
    { type: 'connect', clientId: 'a' as ClientId },
    { type: 'connect', clientId: 'b' as ClientId },
    { type: 'disconnect', clientId: 'b' as ClientId },
  ]);
  board.switchTo(second);
  expect(first.heard).toEqual(['connect', 'connect', 'disconnect', 'The notebook has another cluster now.']);
  expect(second.heard).toEqual(['connect']);
  line.deliver([{ type: 'interrupt', engines: null }]);
  expect(first.heard).toHaveLength(4);
  expect(second.heard).toEqual(['connect', 'interrupt']);
  second.tell();
  expect(told).toHaveLength(1);
  line.lose('the kernel died');
  expect(second.heard.at(-1)).toBe('the kernel died');
});
