import { UnfoldVertical } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import type { Adapt } from '../../protocol/adapt.ts';
import { useCluster, useCommands } from '../context.ts';
import { boundedAdapt } from './bounded-adapt.ts';

/** Whether the number of engines follows the queue, within which bounds, and the switch for it. */
export function AdaptNote(): ReactNode {
  const commands = useCommands();
  const adapt = useCluster((view) => view.adapt);
  return (
    <div className="adapt-note" role="group" aria-label="Number of engines">
      <label
        className="adapt-switch"
        title="Start engines while tasks wait, stop those that are idle (rc.adapt)"
      >
        <UnfoldVertical size={14} aria-hidden="true" />
        <span>Adapt to the work</span>
        <input type="checkbox" role="switch" checked={adapt !== null} onChange={commands.toggleAdapt} />
      </label>
      {adapt === null ? null : <Bounds adapt={adapt} />}
    </div>
  );
}

function Bounds({ adapt }: { readonly adapt: Adapt }): ReactNode {
  const commands = useCommands();
  /** As asked for last: what is shown comes a moment later, and must not undo the other field. */
  const asked = useRef(adapt);
  useEffect(() => {
    asked.current = adapt;
  }, [adapt]);
  const field = (name: keyof Adapt, label: string): ReactNode => (
    <NumberField
      label={label}
      value={adapt[name]}
      set={(value) => {
        asked.current = boundedAdapt(asked.current, name, value);
        commands.adaptEngines(asked.current);
      }}
    />
  );
  return (
    <>
      <p>
        {field('min', 'Engines at least')} to {field('max', 'Engines at most')} engines.
      </p>
      <p>Idle for {field('idle', 'Seconds idle')} s, one is stopped, and what it holds is gone.</p>
    </>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly set: (value: number) => void;
}

/** Says so when the reader is done: halfway to 12 stands 1, which would stop engines. */
function NumberField({ label, value, set }: NumberFieldProps): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  // When another number comes only: what is being typed stands.
  useEffect(() => {
    if (input.current !== null) input.current.value = String(value);
  }, [value]);
  useEffect(() => {
    const element = input.current;
    if (element === null) return;
    // React's own `onChange` comes with each letter.
    const onChange = (): void => {
      if (element.validity.valid && element.value !== '') set(element.valueAsNumber);
      else element.value = String(value);
    };
    element.addEventListener('change', onChange);
    return () => {
      element.removeEventListener('change', onChange);
    };
  });
  return (
    <input ref={input} type="number" min={0} step={1} max={100_000} aria-label={label} className="numbers" />
  );
}
