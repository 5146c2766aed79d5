import { useImperativeHandle, useRef, useState, type KeyboardEvent, type ReactNode, type Ref } from 'react';
import { usualLanguage } from '../../protocol/px-language.ts';
import { useCluster } from '../context.ts';
import { offsetAt, type Place } from './caret.ts';
import { CodeText } from './CodeText.tsx';

/**
 * A complete editor in itself: a textarea, invisible but for its caret, over the same text in colours. It is
 * what every cell has at rest, what the first keystrokes of a visit go into, what touch screens and
 * markdown keep, and what remains should Monaco not load.
 */
export interface PlainEditorHandle {
  readonly element: HTMLTextAreaElement;
  focus(caret: Place | null): void;
}

interface Props {
  readonly label: string;
  readonly source: string;
  /** The source as the notebook has it now; `source` may be a frame behind. */
  readonly current: () => string;
  readonly coloured: boolean;
  readonly wrap: boolean;
  readonly placeholder: string;
  readonly onChange: (source: string) => void;
  readonly onFocus: () => void;
  readonly onBlur: () => void;
  readonly ref: Ref<PlainEditorHandle>;
}

export function PlainEditor({ ref, ...props }: Props): ReactNode {
  const { source, current } = props;
  const px = useCluster((view) => usualLanguage(view.engines));
  const [text, setText] = useState(current);
  const [seen, setSeen] = useState(source);
  const area = useRef<HTMLTextAreaElement>(null);

  // A change from elsewhere (undo, another notebook). One's own comes back a frame late and is no news.
  if (source !== seen) {
    setSeen(source);
    setText(current());
  }

  useImperativeHandle(
    ref,
    () => ({
      get element() {
        return area.current as HTMLTextAreaElement;
      },
      focus(caret) {
        const element = area.current;
        element?.focus({ preventScroll: true });
        if (!element) return;
        const offset = caret ? offsetAt(element.value, caret) : afterMarks(element.value);
        if (offset !== null) element.setSelectionRange(offset, offset);
      },
    }),
    [],
  );

  return (
    <div className={props.wrap ? 'plain-editor wraps' : 'plain-editor'}>
      <div className="plain-sizer">
        <pre aria-hidden="true">
          {props.coloured ? <CodeText text={text} px={px} /> : text}
          {'\n'}
        </pre>
        <textarea
          ref={area}
          aria-label={props.label}
          value={text}
          placeholder={props.placeholder}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          autoCorrect="off"
          tabIndex={-1}
          wrap={props.wrap ? 'soft' : 'off'}
          rows={1}
          onChange={(event) => {
            setText(event.target.value);
            props.onChange(event.target.value);
          }}
          onKeyDown={indentWithTab}
          onFocus={props.onFocus}
          onBlur={props.onBlur}
        />
      </div>
    </div>
  );
}

/** Of a heading that has just been made by its key one types the words, wherever the browser put the caret. */
function afterMarks(text: string): number | null {
  return /^#{1,6} $/.test(text) ? text.length : null;
}

/** Tab indents; Escape, then Tab, leaves. */
function indentWithTab(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== 'Tab' || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  const area = event.currentTarget;
  area.setRangeText('  ', area.selectionStart, area.selectionEnd, 'end');
  // setRangeText is silent; React listens to input events.
  area.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText' }));
}
