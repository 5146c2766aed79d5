import { Info, OctagonAlert, TriangleAlert, X } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { askedEngines, USUAL_ENGINES } from '../../notebook/asked-engines.ts';
import { useCluster, useCommands, useNotebook, usePage } from '../context.ts';
import { JoinBanner } from '../join/JoinBanner.tsx';
import { StuckBanner } from '../start/StuckBanner.tsx';
import type { Notice } from '../stores/page-store.ts';
import { gatheredNotices } from './gathered-notices.ts';
import { IconButton } from './IconButton.tsx';
import { LanguageBanner } from './LanguageBanner.tsx';
import './banners.css';

/** What the reader must know before reading on, above the notebook; said aloud when it comes. */
export function Banners(): ReactNode {
  return (
    <div className="banners" aria-live="polite">
      <StuckBanner />
      <ConsentBanner />
      <LanguageBanner />
      <JoinBanner />
      <AutopxBanner />
      <TabBanner />
      <StorageBanner />
      <SilenceBanner />
      <NoticeBanner level="error" from="app" />
      <NoticeBanner level="warning" from="app" />
      <NoticeBanner level="warning" from="notebook" />
      <NoticeBanner level="info" from="app" />
      <NoticeBanner level="info" from="notebook" />
      <VersionBanner />
    </div>
  );
}

function ConsentBanner(): ReactNode {
  const commands = useCommands();
  const foreign = useNotebook((view) => view.session.document.origin === 'elsewhere');
  const engines = useNotebook((view) => askedEngines(view.session.document));
  const asked = usePage((page) => page.consentAsked);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (asked > 0) button.current?.focus();
  }, [asked]);
  const cluster = useCluster((view) => view.join?.host ?? null);
  if (!foreign) return null;
  return (
    // A new key starts the animation again each time the reader tries to run.
    <div
      key={asked}
      className={asked > 0 ? 'banner foreign asked' : 'banner foreign'}
      role="region"
      aria-label="Consent"
    >
      <Info size={16} aria-hidden="true" />
      <p>
        This notebook comes from elsewhere. Nothing of it has run.{' '}
        {cluster === null
          ? 'Its code runs in a sandbox without network and sees none of your other notebooks.'
          : `Its code could do anything on the machines of ${cluster}. Leave the cluster first if you do not trust it.`}
        {cluster === null && engines > USUAL_ENGINES ? ` It asks for ${String(engines)} engines.` : null}
      </p>
      <button ref={button} type="button" className="text-button primary" onClick={commands.acceptAndRun}>
        Run this notebook
      </button>
    </div>
  );
}

/** Never reloads by itself: what the kernel holds would be gone. */
function VersionBanner(): ReactNode {
  const commands = useCommands();
  const isReady = usePage((page) => page.newVersion);
  if (!isReady) return null;
  return (
    <div className="banner info" role="region" aria-label="New version">
      <Info size={16} aria-hidden="true" />
      <p role="status">A new version is ready. After a reload kernel and engines begin empty.</p>
      <button type="button" className="text-button outlined" onClick={commands.reload}>
        Reload
      </button>
      <IconButton
        className="small"
        label="Later"
        tip="It comes with the next reload"
        icon={<X size={14} />}
        onClick={commands.putOffReload}
      />
    </div>
  );
}

/** Cells may have made the sandbox's own thread busy; the page goes on, and the notebook with it. */
function SilenceBanner(): ReactNode {
  const commands = useCommands();
  const isSilent = usePage((page) => page.sandboxSilent);
  if (!isSilent) return null;
  return (
    <div className="banner warning" role="alert" aria-label="No answer">
      <TriangleAlert size={16} aria-hidden="true" />
      <p>
        <strong>Kernel and engines do not answer.</strong> They are busy, or the browser has ended them, as it
        does when memory is used up. You can wait. If you stop everything, their variables are gone; the
        notebook stays.
      </p>
      <button type="button" className="text-button outlined" onClick={commands.stopEverything}>
        Stop everything
      </button>
      <button type="button" className="text-button outlined" onClick={commands.reload}>
        Reload
      </button>
    </div>
  );
}

function AutopxBanner(): ReactNode {
  const commands = useCommands();
  const targets = useNotebook((view) => view.session.autopx);
  if (targets === null) return null;
  return (
    <div className="banner autopx" role="region" aria-label="%autopx">
      <Info size={16} aria-hidden="true" />
      <p>
        <strong>%autopx enabled.</strong> Every cell runs on engine(s): {targets}.
      </p>
      <button type="button" className="text-button outlined" onClick={commands.turnAutopxOff}>
        Turn off
      </button>
    </div>
  );
}

/** The notebook is open in another tab too: never do both save it. */
function TabBanner(): ReactNode {
  const commands = useCommands();
  const elsewhere = usePage((page) => page.tab === 'elsewhere');
  const unsaved = useNotebook(({ saved }) => saved.status === 'failed' && saved.cause === 'tabs');
  if (!elsewhere && !unsaved) return null;
  return (
    <div className={unsaved ? 'banner warning' : 'banner'} role="region" aria-label="Open in another tab">
      {unsaved ? <TriangleAlert size={16} aria-hidden="true" /> : <Info size={16} aria-hidden="true" />}
      {elsewhere ? (
        <>
          <p>
            {unsaved ? <strong>Not saved. </strong> : null}
            This notebook is open in another tab. One tab at a time saves it, so that none overwrites the
            other.
          </p>
          <button type="button" className="text-button outlined" onClick={commands.useHere}>
            Use it here
          </button>
          <button type="button" className="text-button outlined" onClick={commands.keepAsCopy}>
            {unsaved ? 'Keep mine as a copy' : 'Open a copy'}
          </button>
        </>
      ) : (
        <>
          <p>
            <strong>Not saved.</strong> Another tab has saved another version of this notebook.
          </p>
          <button type="button" className="text-button outlined" onClick={commands.keepAsCopy}>
            Keep mine as a copy
          </button>
          <button type="button" className="text-button outlined" onClick={commands.showOther}>
            Show the other version
          </button>
        </>
      )}
    </div>
  );
}

function StorageBanner(): ReactNode {
  const saved = useNotebook((view) => view.saved);
  const commands = useCommands();
  if (saved.status !== 'failed' || saved.cause === 'tabs') return null;
  return (
    <div className="banner warning" role="region" aria-label="Not saved">
      <TriangleAlert size={16} aria-hidden="true" />
      <p>
        <strong>Not saved.</strong> {saved.message}
      </p>
      <button type="button" className="text-button outlined" onClick={commands.download}>
        Save as a file
      </button>
      {saved.isFull ? (
        <button
          type="button"
          className="text-button outlined"
          onClick={() => {
            commands.showStart(true);
          }}
        >
          Make room
        </button>
      ) : null}
    </div>
  );
}

const ICONS = { info: Info, warning: TriangleAlert, error: OctagonAlert } as const;

/** All notices of one level and one speaker in one banner. */
function NoticeBanner({ level, from }: Pick<Notice, 'level' | 'from'>): ReactNode {
  const commands = useCommands();
  const notices = usePage((page) =>
    page.notices.filter((notice) => notice.level === level && notice.from === from),
  );
  const Icon = ICONS[level];
  if (notices.length === 0) return null;
  const lost = notices.flatMap((notice) => notice.lost ?? []);
  const dismiss = () => {
    for (const notice of notices) commands.dismissNotice(notice.id);
  };
  return (
    <div className={`banner ${level}`} role={level === 'error' ? 'alert' : 'note'}>
      <Icon size={16} aria-hidden="true" />
      {from === 'notebook' ? <span className="banner-speaker">From this notebook:</span> : null}
      <ul>
        {gatheredNotices(notices).map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      {lost.length > 0 && (
        <button
          type="button"
          className="text-button outlined"
          onClick={() => {
            dismiss();
            commands.runLostAgain(lost);
          }}
        >
          {lost.includes('kernel') ? 'Run the cells again' : 'Run their cells again'}
        </button>
      )}
      <IconButton className="small" label="Dismiss" icon={<X size={14} />} onClick={dismiss} />
    </div>
  );
}
