import type { ReactNode } from 'react';
import { useCommands, usePage } from '../context.ts';
import './start-strip.css';

/** Above a notebook that comes with Tutti: all of them, each one click away. Own notebooks stand alone. */
export function StartStrip(): ReactNode {
  const commands = useCommands();
  const examples = usePage((page) => page.examples);
  const openKey = usePage((page) => page.openKey);
  if (!examples.some((entry) => entry.key === openKey)) return null;
  return (
    <nav className="start-strip" aria-label="Notebooks to start with">
      {examples.map((entry) => (
        <button
          key={entry.key}
          type="button"
          {...(entry.key === openKey ? { 'aria-current': 'page' as const } : {})}
          aria-label={entry.title}
          onClick={() => {
            commands.openEntry(entry.key);
          }}
        >
          <span className="start-title">{entry.title}</span>
          <span className="start-detail">{entry.detail}</span>
        </button>
      ))}
    </nav>
  );
}
