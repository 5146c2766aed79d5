import type { CellId, RunId } from '../../protocol/ids.ts';
import type { JoinedPlace } from '../../protocol/kernel-messages.ts';
import type { RuntimeEvent } from '../../protocol/runtime-messages.ts';
import type { JoinState } from '../../transport/gateway/join-socket.ts';
import type { CellJoinView, ClusterStore } from '../../ui/stores/cluster-store.ts';
import type { PageStore } from '../../ui/stores/page-store.ts';
import { messageOf, type Notices } from '../notices.ts';
import { isMixedContent, mixedContent, readJoinLink, type JoinLink } from './join-link.ts';
import type { OpenedLine } from './open-line.ts';

type Asked = Extract<RuntimeEvent, { type: 'join-asked' | 'join-withdrawn' }>;

/**
 * `Cluster.join` in cells. A cluster is a way out of the sandbox, so no code joins one by itself: the reader sees which
 * cell wishes it and where the link leads, and agrees or does not. The link's code and the session's token stay here.
 */
export interface CellJoins {
  readonly hear: (event: Asked) => void;
  /** The reader gives a link, or (empty) wants to give another. */
  readonly propose: (text: string) => void;
  readonly accept: () => void;
  readonly retryNow: () => void;
  /** By the reader: its clients hear that it is gone. */
  readonly leave: (n: number) => void;
  /** The reader has run something: who was refused before may ask again. */
  readonly runs: () => void;
  /** Another notebook is open: what was allowed to the one before is not allowed to it. */
  readonly forget: () => void;
}

interface Parts {
  readonly cluster: ClusterStore;
  readonly page: PageStore;
  readonly notices: Notices;
  /** The address of this page. */
  readonly here: () => URL;
  /** The cell of that run, and its place from 1. */
  readonly cellOf: (runId: RunId) => { readonly id: CellId; readonly number: number } | null;
  /** Loads what opens connections. */
  readonly load: () => Promise<{
    readonly openLine: (url: string, ticket: string, onState: (state: JoinState) => void) => OpenedLine;
  }>;
  /** The answers to the frame. */
  readonly joined: (n: number, place: JoinedPlace, port: MessagePort) => void;
  readonly refused: (n: number, reason: string) => void;
}

interface Wish {
  readonly n: number;
  readonly cell: { readonly id: CellId; readonly number: number } | null;
  /** Null: the reader is to give one. */
  link: JoinLink | null;
}

/** Questions that wait, and connections: a page is not to be flooded. */
const MOST_WISHES = 16;
const MOST_JOINS = 16;

export function createCellJoins(parts: Parts): CellJoins {
  const { cluster, page, notices } = parts;
  const waiting: Wish[] = [];
  /** The one that the dialog is about. */
  let shown: Wish | null = null;
  const lines = new Map<number, { readonly url: string; readonly line: OpenedLine | null }>();
  /** Gateways that the reader has agreed to for this notebook, until he leaves one. */
  const allowed = new Set<string>();
  let hasDeclined = false;

  const show = (n: number, change: Partial<CellJoinView>): void => {
    cluster.setState(({ cellJoins }) => ({
      cellJoins: cellJoins.map((join) => (join.n === n ? { ...join, ...change } : join)),
    }));
  };
  const gone = (n: number): void => {
    lines.delete(n);
    cluster.setState(({ cellJoins }) => ({ cellJoins: cellJoins.filter((join) => join.n !== n) }));
  };

  const connect = ({ n, cell }: Wish, { url, host, code }: JoinLink): void => {
    if (lines.size >= MOST_JOINS) {
      parts.refused(n, `This notebook has joined ${String(lines.size)} clusters. Leave one first.`);
      return;
    }
    lines.set(n, { url, line: null });
    const view = {
      n,
      cell: cell?.id ?? null,
      status: 'connecting',
      host,
      reason: null,
      role: 'client',
    } as const;
    cluster.setState(({ cellJoins }) => ({ cellJoins: [...cellJoins, view] }));
    let isIn = false;
    const heard = (state: JoinState, line: () => OpenedLine): void => {
      switch (state.status) {
        case 'connecting':
          break;
        case 'open': {
          const { role } = state.welcome;
          show(n, { status: 'open', reason: null, role });
          if (isIn) break;
          isIn = true;
          notices.announce(`A cell joined the cluster at ${host}`);
          parts.joined(n, { host, role }, line().port);
          break;
        }
        case 'reconnecting':
          show(n, { status: 'reconnecting', reason: state.reason });
          break;
        case 'ended':
          gone(n);
          if (!isIn) parts.refused(n, state.reason);
          else if (!state.left) {
            notices.show(
              'error',
              `The cluster at ${host}, which a cell had joined, is gone. ${state.reason}`,
            );
          }
      }
    };
    parts.load().then(
      ({ openLine }) => {
        // Left, or withdrawn, while that was loading.
        if (!lines.has(n)) return;
        const early: JoinState[] = [];
        let line: OpenedLine | null = null;
        const opened = openLine(url, code, (state) => {
          if (line === null) early.push(state);
          else heard(state, () => opened);
        });
        line = opened;
        lines.set(n, { url, line });
        for (const state of early) heard(state, () => opened);
      },
      (error: unknown) => {
        gone(n);
        parts.refused(n, `A part of this page could not be loaded: ${messageOf(error)}`);
      },
    );
  };

  const next = (): void => {
    if (shown !== null || page.getState().dialog !== null) return;
    shown = waiting.shift() ?? null;
    if (shown === null) return;
    const { link, cell } = shown;
    page.setState({
      dialog: 'join',
      joinHost: link?.host ?? null,
      joinRefused: null,
      joinFor: cell?.number ?? 0,
    });
  };
  const decline = (wish: Wish): void => {
    const where = wish.link === null ? 'a cluster' : `the cluster at ${wish.link.host}`;
    parts.refused(wish.n, `The reader did not agree to join ${where}. Run the cell again to be asked again.`);
  };
  /** The dialog is about nobody any more. */
  const dismiss = (): void => {
    shown = null;
    page.setState({ dialog: null, joinHost: null, joinRefused: null, joinFor: null });
  };
  page.subscribe(({ dialog }) => {
    if (shown !== null && dialog !== 'join') {
      // Closed without an answer: that is a no, to all who ask.
      hasDeclined = true;
      for (const wish of [shown, ...waiting.splice(0)]) decline(wish);
      shown = null;
      page.setState({ joinHost: null, joinRefused: null, joinFor: null });
    }
    next();
  });

  const asked = ({ n, link, runId }: Extract<Asked, { type: 'join-asked' }>): void => {
    const wish: Wish = { n, cell: runId === null ? null : parts.cellOf(runId), link: null };
    try {
      if (link.trim() !== '') wish.link = followable(link, parts.here());
    } catch (error) {
      parts.refused(n, messageOf(error));
      return;
    }
    if (wish.link !== null && allowed.has(wish.link.url)) connect(wish, wish.link);
    else if (hasDeclined || waiting.length >= MOST_WISHES) decline(wish);
    else {
      waiting.push(wish);
      next();
    }
  };
  const withdrawn = (n: number): void => {
    const place = waiting.findIndex((wish) => wish.n === n);
    if (place >= 0) waiting.splice(place, 1);
    lines.get(n)?.line?.leave();
    gone(n);
    if (shown?.n !== n) return;
    dismiss();
    next();
  };
  return {
    hear(event) {
      if (event.type === 'join-asked') asked(event);
      else withdrawn(event.n);
    },
    propose(text) {
      if (shown === null) return;
      shown.link = null;
      if (text === '') {
        page.setState({ joinHost: null, joinRefused: null });
        return;
      }
      try {
        shown.link = followable(text, parts.here());
        page.setState({ joinHost: shown.link.host, joinRefused: null });
      } catch (error) {
        page.setState({ joinHost: null, joinRefused: messageOf(error) });
      }
    },
    accept() {
      const wish = shown;
      if (wish?.link == null) return;
      allowed.add(wish.link.url);
      dismiss();
      connect(wish, wish.link);
      next();
    },
    retryNow() {
      for (const { line } of lines.values()) line?.retryNow();
    },
    leave(n) {
      const known = lines.get(n);
      if (known === undefined) return;
      allowed.delete(known.url);
      if (known.line !== null) known.line.leave();
      else {
        gone(n);
        parts.refused(n, 'The reader left the cluster.');
      }
    },
    runs() {
      hasDeclined = false;
    },
    forget() {
      allowed.clear();
    },
  };
}

/** @throws Error with a sentence. */
function followable(text: string, here: URL): JoinLink {
  const link = readJoinLink(text);
  if (isMixedContent(link, here)) throw new Error(mixedContent(link));
  return link;
}
