import { Check, Copy, Download } from 'lucide-react';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import type { Output } from '../../protocol/outputs.ts';
import { useCommands } from '../context.ts';
import { IconButton } from '../shell/IconButton.tsx';
import { Toolbar } from '../shell/Toolbar.tsx';
import type { Shown } from './bundle.ts';
import { bytesOf, contentOf, fileOf, type OutputContent } from './output-content.ts';

/** Whether the cell is the selected one: its outputs have their tools in the page, for the keyboard. */
export const InSelectedCell = createContext(false);

interface Props {
  readonly output: Output;
  /** The forms that it has, the best first; empty for what has no bundle. */
  readonly forms: readonly Shown[];
  readonly shown: Shown | null;
  readonly onChoose: (form: Shown) => void;
  readonly children: ReactNode;
}

/** One output with what can be done to it: seen in another form, copied, downloaded. */
export function OutputFrame({ children, ...props }: Props): ReactNode {
  const selected = useContext(InSelectedCell);
  const [near, setNear] = useState(false);
  return (
    <div
      className="output-frame"
      onPointerEnter={() => {
        setNear(true);
      }}
      onPointerLeave={() => {
        setNear(false);
      }}
    >
      {children}
      {selected || near ? <OutputTools {...props} /> : null}
    </div>
  );
}

function OutputTools({ output, forms, shown, onChoose }: Omit<Props, 'children'>): ReactNode {
  const commands = useCommands();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => {
      setCopied(false);
    }, 1500);
    return () => {
      clearTimeout(timer);
    };
  }, [copied]);
  return (
    <Toolbar className="output-tools" label="This output">
      {forms.length > 1
        ? forms.map((form) => (
            <button
              key={form.mime}
              type="button"
              className="text-button small"
              aria-pressed={form.mime === shown?.mime}
              title={`Show as ${form.label}`}
              onClick={() => {
                onChoose(form);
              }}
            >
              {form.label}
            </button>
          ))
        : null}
      <IconButton
        className="small"
        label={copied ? 'Copied' : 'Copy output'}
        icon={copied ? <Check size={13} /> : <Copy size={13} />}
        onClick={() => {
          void copy(contentOf(output, shown)).then(() => {
            setCopied(true);
            commands.announce('The output was copied');
          });
        }}
      />
      <IconButton
        className="small"
        label="Download output"
        icon={<Download size={13} />}
        onClick={() => {
          const content = contentOf(output, shown);
          void fileOf(content, shown).then((file) => {
            commands.downloadOutput(file, content.extension);
          });
        }}
      />
    </Toolbar>
  );
}

async function copy({ text, html, image }: OutputContent): Promise<void> {
  const { clipboard } = navigator;
  if (image?.type === 'image/png') {
    const blob = new Blob([bytesOf(image.data)], { type: image.type });
    await clipboard.write([new ClipboardItem({ [image.type]: blob })]);
  } else if (html !== null) {
    const part = (type: string, content: string) => new Blob([content], { type });
    await clipboard.write([
      new ClipboardItem({ 'text/plain': part('text/plain', text), 'text/html': part('text/html', html) }),
    ]);
  } else await clipboard.writeText(text);
}
