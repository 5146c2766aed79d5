import type { JoinState } from '../../transport/gateway/join-socket.ts';
import type { ClusterStore, JoinView } from '../../ui/stores/cluster-store.ts';
import type { PageStore } from '../../ui/stores/page-store.ts';
import { messageOf, type Notices } from '../notices.ts';
import { isMixedContent, mixedContent, readJoinLink, type JoinLink } from './join-link.ts';
import { keepSession, keptSession } from './kept-session.ts';
import type { OpenedLine } from './open-line.ts';

/** Joining a real cluster, and leaving it. */
export interface ClusterJoiner {
  /** A link from the page's address, or typed in: shows where it leads, and asks. */
  readonly propose: (text: string) => void;
  /** The reader agrees. */
  readonly accept: () => void;
  readonly retryNow: () => void;
  readonly leave: () => void;
  /** The session that this tab had before a reload, if any. */
  readonly resume: () => void;
  /** A new runtime is there: it takes over the session that the one before had, if it had one. */
  readonly reattach: () => void;
}

interface Parts {
  readonly cluster: ClusterStore;
  readonly page: PageStore;
  readonly notices: Notices;
  /** The frame takes the cluster over: what comes and goes at `port` are frames. */
  readonly attach: (port: MessagePort) => void;
}

export function createClusterJoiner({ cluster, page, notices, attach }: Parts): ClusterJoiner {
  let proposed: JoinLink | null = null;
  let line: OpenedLine | null = null;
  /** Lines opened; the last words of one before are not heard. */
  let lines = 0;
  const show = (join: Partial<JoinView>): void => {
    cluster.setState((view) => ({ join: { ...(view.join ?? NOT_JOINED), ...join } }));
  };
  const heard = (url: string, host: string, state: JoinState): void => {
    switch (state.status) {
      case 'connecting':
        show({ status: 'connecting', host, reason: null });
        break;
      case 'open':
        keepSession({ url, token: state.welcome.session });
        show({ status: 'open', host, reason: null, role: state.welcome.role });
        if (page.getState().dialog === 'join') page.setState({ dialog: null });
        notices.announce(`Joined the cluster at ${host}`);
        break;
      case 'reconnecting':
        show({ status: 'reconnecting', reason: state.reason });
        break;
      case 'ended':
        ended(host, state.reason);
    }
  };
  const ended = (host: string, reason: string): void => {
    const before = cluster.getState().join?.status;
    line = null;
    keepSession(null);
    cluster.setState({ join: null });
    // In the dialog the sentence stands where the reader looks.
    if (before === 'connecting' && page.getState().dialog === 'join') page.setState({ joinRefused: reason });
    else if (before !== 'leaving') notices.show('error', `The cluster at ${host} is gone. ${reason}`);
  };
  const open = (url: string, host: string, ticket: string): void => {
    line?.leave();
    page.setState({ joinRefused: null });
    show({ status: 'connecting', host, reason: null });
    void import('./open-line.ts').then(
      ({ openLine }) => {
        const mine = ++lines;
        line = openLine(url, ticket, (state) => {
          if (mine === lines) heard(url, host, state);
        });
        attach(line.port);
      },
      (error: unknown) => {
        ended(host, `A part of this page could not be loaded: ${messageOf(error)}`);
      },
    );
  };
  const resume = (): void => {
    const kept = keptSession();
    if (kept) open(kept.url, new URL(kept.url).host, kept.token);
  };
  return {
    propose(text) {
      proposed = null;
      try {
        proposed = readJoinLink(text);
        const mixed = isMixedContent(proposed, new URL(location.href));
        page.setState({ joinHost: proposed.host, joinRefused: mixed ? mixedContent(proposed) : null });
      } catch (error) {
        page.setState({ joinHost: null, joinRefused: messageOf(error) });
      }
    },
    accept() {
      if (proposed) open(proposed.url, proposed.host, proposed.code);
      proposed = null;
    },
    retryNow: () => line?.retryNow(),
    leave() {
      if (!line) return;
      show({ status: 'leaving' });
      line.leave();
    },
    resume,
    reattach() {
      if (!line) return;
      lines++;
      line.drop();
      line = null;
      resume();
    },
  };
}

const NOT_JOINED: JoinView = { status: 'connecting', host: '', reason: null, role: 'client' };
