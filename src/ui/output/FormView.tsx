import type { ReactNode } from 'react';
import type { LiveValue } from '../../protocol/looking.ts';
import type { Lane, MimeBundle } from '../../protocol/outputs.ts';
import { type Shown, tableOf, textOf } from './bundle.ts';
import { JsonTree } from './JsonTree.tsx';
import { Latex, Prose } from './Prose.tsx';
import { SafeMarkup } from './SafeMarkup.tsx';
import { TableView } from './TableView.tsx';
import { TextBlock } from './TextBlock.tsx';
import { ValueTree } from './ValueTree.tsx';

export function NoForm({ bundle }: { readonly bundle: MimeBundle }): ReactNode {
  return (
    <p className="output-note">
      No form of this output can be shown here ({Object.keys(bundle.data).join(', ') || 'it is empty'}).
    </p>
  );
}

/** One thing, in one of its forms. `at`: who has what it is a form of. */
export function FormView({ shown, at }: { readonly shown: Shown; readonly at: Lane }): ReactNode {
  const { mime, value, description } = shown;
  switch (mime) {
    case 'application/vnd.tutti.table+json': {
      const table = tableOf(shown);
      return <TableView key={table.handle} table={table} at={at} />;
    }
    case 'application/vnd.tutti.value+json': {
      const live = value as LiveValue;
      return <ValueTree key={live.handle} value={live} at={at} />;
    }
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
