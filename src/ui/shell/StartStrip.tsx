import type { ReactNode } from 'react';
import { useCommands, usePage } from '../context.ts';
import './start-strip.css';

/** How many of the other examples are offered. */
const OFFERED = 3;

/** One line above a notebook that comes with Tutti: what else there is. Own notebooks stand alone. */
export function StartStrip(): ReactNode {
  const commands = useCommands();
  const examples = usePage((page) => page.examples);
  const openKey = usePage((page) => page.openKey);
  const at = examples.findIndex((entry) => entry.key === openKey);
  if (at < 0) return null;
  const next = [...examples.slice(at + 1), ...examples.slice(0, at)].slice(0, OFFERED);
  return (
    <nav className="start-strip" aria-label="Notebooks to start with">
      {next.map((entry) => (
        <button
          key={entry.key}
          type="button"
          title={entry.detail}
          onClick={() => {
            commands.openEntry(entry.key);
          }}
        >
          {entry.title}
        </button>
      ))}
      <button
        type="button"
        className="start-all"
        onClick={() => {
          commands.showStart(true);
        }}
      >
        All examples and templates
      </button>
    </nav>
  );
}
