import { memo, type ReactNode, useMemo, useState } from 'react';
import { assertNever } from '../../base/assert.ts';
import type { Output } from '../../protocol/outputs.ts';
import { CompositeErrorView } from '../traceback/CompositeErrorView.tsx';
import { ErrorView } from '../traceback/ErrorView.tsx';
import { Boundary } from '../shell/Boundary.tsx';
import { formsOf, type KnownMime } from './bundle.ts';
import { FormView, NoForm } from './FormView.tsx';
import { isLate, LateMark } from './LateMark.tsx';
import { OutputFrame } from './OutputFrame.tsx';
import { TextBlock } from './TextBlock.tsx';

/** One output, without its label. */
export const OutputView = memo(function OutputView({ output }: { readonly output: Output }): ReactNode {
  const [chosen, setChosen] = useState<KnownMime | null>(null);
  const bundle = output.type === 'display' || output.type === 'result' ? output.bundle : null;
  const forms = useMemo(() => (bundle ? formsOf(bundle) : []), [bundle]);
  const shown = forms.find(({ mime }) => mime === chosen) ?? forms[0] ?? null;
  return (
    <OutputFrame
      {...{ output, forms, shown }}
      onChoose={({ mime }) => {
        setChosen(mime);
      }}
    >
      {isLate(output) ? <LateMark lane={output.lane} /> : null}
      <Boundary of={shown ?? output} instead={<p className="output-note">This output could not be shown.</p>}>
        {bundle === null ? (
          <Said output={output} />
        ) : shown ? (
          <FormView shown={shown} rest={forms.slice(forms.indexOf(shown) + 1)} at={output.lane} />
        ) : (
          <NoForm bundle={bundle} />
        )}
      </Boundary>
    </OutputFrame>
  );
});

function Said({ output }: { readonly output: Output }): ReactNode {
  switch (output.type) {
    case 'stream':
      return <TextBlock text={output.text} tone={output.name === 'stderr' ? 'stderr' : 'plain'} />;
    case 'error':
      return <ErrorView error={output.error} />;
    case 'composite-error':
      return <CompositeErrorView output={output} />;
    case 'display':
    case 'result':
      return null;
    default:
      return assertNever(output);
  }
}
