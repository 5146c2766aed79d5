import { Copy, Download, Plus, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useCommands, usePage } from '../context.ts';
import { formatBytes } from '../format.ts';
import type { FileEntry } from '../stores/page-store.ts';
import { copyTold } from './copy-told.ts';
import { IconButton } from './IconButton.tsx';
import { StorageMeter } from './StorageMeter.tsx';
import './file-list.css';

/** The workspace: what cells read by `files`. */
export function FileList(): ReactNode {
  const commands = useCommands();
  const files = usePage((page) => page.files);
  return (
    <section aria-label="Files of this notebook" className="file-list">
      {files.length === 0 ? (
        <p className="drawer-empty">
          Drop data anywhere on the page. Cells and engines read them:{' '}
          <code>await files.text(&apos;data.csv&apos;)</code>, <code>%run work.ts</code>.
        </p>
      ) : (
        <ul>
          {files.map((file) => (
            <FileRow key={file.name} file={file} />
          ))}
        </ul>
      )}
      <button type="button" className="entry new" onClick={commands.addFiles}>
        <Plus size={15} /> Add files
      </button>
      <StorageMeter />
    </section>
  );
}

function FileRow({ file }: { readonly file: FileEntry }): ReactNode {
  const commands = useCommands();
  /** The reader has pressed Remove once. */
  const [asked, setAsked] = useState(false);
  return (
    <li className="file">
      <span className="file-name" title={file.name}>
        {file.name}
      </span>
      <span className="file-size">{formatBytes(file.size)}</span>
      <span className="file-actions">
        {asked ? (
          <>
            <button
              type="button"
              className="text-button"
              autoFocus
              onClick={() => {
                commands.removeFile(file.name);
              }}
            >
              Remove
            </button>
            <button
              type="button"
              className="text-button"
              onClick={() => {
                setAsked(false);
              }}
            >
              Keep
            </button>
          </>
        ) : (
          <>
            <IconButton
              className="small"
              label={`Copy the code that reads ${file.name}`}
              icon={<Copy size={14} />}
              onClick={() => {
                copyTold(commands, readingCode(file.name), `The code that reads ${file.name}`);
              }}
            />
            <IconButton
              className="small"
              label={`Download ${file.name}`}
              icon={<Download size={14} />}
              onClick={() => {
                commands.downloadFile(file.name);
              }}
            />
            <IconButton
              className="small"
              label={`Remove ${file.name}`}
              icon={<Trash2 size={14} />}
              onClick={() => {
                setAsked(true);
              }}
            />
          </>
        )}
      </span>
    </li>
  );
}

/** What one would type to use the file. */
function readingCode(name: string): string {
  if (/\.[mc]?[jt]sx?$/.test(name)) return `%run ${name}`;
  const how = /\.json$/i.test(name)
    ? 'json'
    : /\.(txt|csv|tsv|md|log|xml|html)$/i.test(name)
      ? 'text'
      : 'bytes';
  return `await files.${how}(${JSON.stringify(name)})`;
}
