import { type ReactNode, useId } from 'react';
import type { EngineId } from '../../protocol/ids.ts';
import { useCluster } from '../context.ts';
import { keysMeant, typedKey } from '../typed-keys.ts';
import { EngineMark, engineStyle } from '../engines/EngineMark.tsx';
import './targets.css';

/** Something other than engines by name. */
export interface TargetOption {
  readonly value: string;
  readonly title: string;
  readonly note?: string;
  readonly keys?: string;
}

interface Props {
  readonly label: string;
  readonly options: readonly TargetOption[];
  /** One of the options; null: engines are named. */
  readonly value: string | null;
  readonly engines: readonly EngineId[];
  readonly onOption: (value: string) => void;
  /** Never empty. */
  readonly onEngines: (engines: readonly EngineId[]) => void;
}

/** Where code goes: one of some words, or engines by their chips. Digits are typed for engines. */
export function TargetChoice({ label, options, value, engines, onOption, onEngines }: Props): ReactNode {
  const group = useId();
  const known = useCluster((view) =>
    view.engines.filter(({ status }) => status !== 'dead').map(({ id }) => id),
  );
  // Engines that are gone can be taken away, too.
  const shown = [...new Set([...known, ...engines])].sort((a, b) => a - b);
  const toggle = (id: EngineId): void => {
    const next = engines.includes(id) ? engines.filter((other) => other !== id) : [...engines, id];
    const [fallback] = options;
    if (next.length > 0) onEngines(next.sort((a, b) => a - b));
    else if (fallback) onOption(fallback.value);
  };
  return (
    <fieldset
      className="target-choice"
      onKeyDown={(event) => {
        const meant = keysMeant(typedKey(event));
        const option = options.find(({ keys }) => keys !== undefined && meant.includes(keys.toLowerCase()));
        const digit = meant.find((key) => /^\d$/.test(key));
        const id = digit === undefined ? null : Number(digit);
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (option) onOption(option.value);
        else if (id !== null && shown.includes(id)) toggle(id);
        else return;
        event.preventDefault();
      }}
    >
      <legend className="visually-hidden">{label}</legend>
      {options.map((option) => (
        <label key={option.value} className="target-option">
          <input
            type="radio"
            name={group}
            checked={value === option.value}
            autoFocus={value === option.value}
            onChange={() => {
              onOption(option.value);
            }}
          />
          <span>
            {option.title}
            {option.note === undefined ? null : <span className="target-note"> {option.note}</span>}
          </span>
          {option.keys === undefined ? null : <kbd>{option.keys}</kbd>}
        </label>
      ))}
      <div className="target-chips" role="group" aria-label="These engines">
        {shown.map((id) => (
          <label
            key={id}
            className={engines.includes(id) ? 'target-chip chosen' : 'target-chip'}
            style={engineStyle(id)}
          >
            <input
              type="checkbox"
              checked={engines.includes(id)}
              onChange={() => {
                toggle(id);
              }}
            />
            <EngineMark engine={id} size={10} />e{id}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
