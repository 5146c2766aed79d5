import type { ReactNode } from 'react';
import type { MimeBundle } from '../../protocol/outputs.ts';
import { bestOf, type Shown, textOf } from './bundle.ts';
import { JsonTree } from './JsonTree.tsx';
import { Latex, Prose } from './Prose.tsx';
import { SafeMarkup } from './SafeMarkup.tsx';
import { TextBlock } from './TextBlock.tsx';

/** One thing, in the best form the page can show. */
export function BundleView({ bundle }: { readonly bundle: MimeBundle }): ReactNode {
  const shown = bestOf(bundle);
  if (!shown) {
    return (
      <p className="output-note">
        No form of this output can be shown here ({Object.keys(bundle.data).join(', ') || 'it is empty'}).
      </p>
    );
  }
  return <ShownView shown={shown} />;
}

function ShownView({ shown }: { readonly shown: Shown }): ReactNode {
  const { mime, value, description } = shown;
  switch (mime) {
    case 'text/html':
      return <SafeMarkup kind="html" markup={textOf(value)} description={description} />;
    case 'image/svg+xml':
      return <SafeMarkup kind="svg" markup={textOf(value)} description={description} />;
    case 'text/markdown':
      return <Prose source={textOf(value)} />;
    case 'image/png':
    case 'image/jpeg':
    case 'image/gif':
    case 'image/webp':
      return <ImageView shown={shown} />;
    case 'application/json':
      return <JsonTree value={value} />;
    case 'text/latex':
      return <Latex source={textOf(value)} />;
    case 'text/plain':
      return <TextBlock text={textOf(value)} tone="plain" />;
  }
}

function ImageView({ shown }: { readonly shown: Shown }): ReactNode {
  return (
    <img
      className="output-image"
      src={`data:${shown.mime};base64,${textOf(shown.value).replace(/\s/g, '')}`}
      alt={shown.description ?? 'Image'}
      {...(shown.width === null ? {} : { width: shown.width })}
    />
  );
}
