import { Check, Copy, Download } from 'lucide-react';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import type { Output } from '../../protocol/outputs.ts';
import { useCommands } from '../context.ts';
import { IconButton } from '../shell/IconButton.tsx';
import { Toolbar } from '../shell/Toolbar.tsx';
import type { Shown } from './bundle.ts';
import { clipTypes, type ClipType, contentOf, fileOf, type OutputContent } from './output-content.ts';

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
          copy(contentOf(output, shown), shown).then(
            () => {
              setCopied(true);
              commands.announce('The output was copied');
            },
            () => {
              commands.announce('The output was not copied: the browser did not allow it');
            },
          );
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

/** All forms at once, within the press: what has to be loaded or drawn comes as a promise. Of what cannot be made, or is
 * not taken, the text is copied. */
async function copy(content: OutputContent, shown: Shown | null): Promise<void> {
  const { clipboard } = navigator;
  const types = clipTypes(content, shown);
  if (types.length === 1 && types[0] === 'text/plain') {
    await clipboard.writeText(content.text);
    return;
  }
  const late = import('./copied-output.ts');
  const make = async (type: ClipType): Promise<Blob> => {
    if (type === 'text/plain') return new Blob([content.text], { type });
    const { copiedHtml, copiedPicture } = await late;
    return type === 'image/png'
      ? copiedPicture(content, shown)
      : new Blob([copiedHtml(content, shown)], { type });
  };
  try {
    await clipboard.write([new ClipboardItem(Object.fromEntries(types.map((type) => [type, make(type)])))]);
  } catch {
    await clipboard.writeText(content.text);
  }
}
