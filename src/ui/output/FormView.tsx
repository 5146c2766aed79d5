import type { ReactNode } from 'react';
import type { LiveValue } from '../../protocol/looking.ts';
import type { Lane, MimeBundle } from '../../protocol/outputs.ts';
import { chartName, isOtherText, type Shown, tableOf, textOf } from './bundle.ts';
import { JsonTree } from './JsonTree.tsx';
import { Latex, Prose } from './Prose.tsx';
import { SafeMarkup } from './SafeMarkup.tsx';
import { TableView } from './TableView.tsx';
import { TextBlock } from './TextBlock.tsx';
import { ValueTree } from './ValueTree.tsx';

export function NoForm({ bundle }: { readonly bundle: MimeBundle }): ReactNode {
  return (
    <p className="output-note">
      This output can’t be shown on a page ({Object.keys(bundle.data).join(', ') || 'it is empty'}).
    </p>
  );
}

interface Props {
  readonly shown: Shown;
  /** The forms that are next, should this one come to nothing. */
  readonly rest: readonly Shown[];
  /** Who has what it is a form of. */
  readonly at: Lane;
}

/** One thing, in one of its forms. */
export function FormView({ shown, rest, at }: Props): ReactNode {
  const { mime, value, description } = shown;
  const [next, ...others] = rest;
  const instead = next ? <FormView shown={next} rest={others} at={at} /> : null;
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
      return <SafeMarkup kind="html" markup={textOf(value)} description={description} instead={instead} />;
    case 'image/svg+xml':
      return <SafeMarkup kind="svg" markup={textOf(value)} description={description} instead={instead} />;
    case 'text/markdown':
      return <Prose source={textOf(value)} />;
    case 'image/png':
    case 'image/jpeg':
    case 'image/gif':
    case 'image/webp':
      return <ImageView shown={shown} />;
    case 'text/latex':
      return <Latex source={textOf(value)} />;
    case 'text/plain':
      return <TextBlock text={textOf(value)} tone="plain" />;
    default:
      return isOtherText(mime) ? <TextBlock text={textOf(value)} tone="plain" /> : <JsonView shown={shown} />;
  }
}

function JsonView({ shown }: { readonly shown: Shown }): ReactNode {
  const name = chartName(shown.mime);
  return (
    <>
      {name === null ? null : (
        <p className="output-note">{`${name}: Tutti doesn’t draw it. This is its data.`}</p>
      )}
      <JsonTree value={shown.value} />
    </>
  );
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
