import { memo, type ReactNode } from 'react';
import { assertNever } from '../../base/assert.ts';
import type { Output } from '../../protocol/outputs.ts';
import { CompositeErrorView } from '../traceback/CompositeErrorView.tsx';
import { ErrorView } from '../traceback/ErrorView.tsx';
import { BundleView } from './BundleView.tsx';
import { TextBlock } from './TextBlock.tsx';

/** One output, without its label. */
export const OutputView = memo(function OutputView({ output }: { readonly output: Output }): ReactNode {
  switch (output.type) {
    case 'stream':
      return <TextBlock text={output.text} tone={output.name === 'stderr' ? 'stderr' : 'plain'} />;
    case 'display':
    case 'result':
      return <BundleView bundle={output.bundle} />;
    case 'error':
      return <ErrorView error={output.error} />;
    case 'composite-error':
      return <CompositeErrorView output={output} />;
    default:
      return assertNever(output);
  }
});
