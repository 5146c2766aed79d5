import {
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  type ReactNode,
  type Ref,
} from 'react';
import { flushSync } from 'react-dom';
import type { CellId } from '../../protocol/ids.ts';
import type { EditorCaret } from '../commands.ts';
import { usualLanguage } from '../../protocol/px-language.ts';
import { useCluster, useUi } from '../context.ts';
import { usePrinting } from '../use-printing.ts';
import type { Place } from './caret.ts';
import { CodeText } from './CodeText.tsx';
import { loadMonaco, monacoSuits } from './load-monaco.ts';
import type { LiveEditor } from './monaco-editor.ts';
import { PlainEditor, type PlainEditorHandle } from './PlainEditor.tsx';
import { revealCaret } from './reveal.ts';
import './editor.css';

export interface CodeEditorHandle {
  focus(caret: Place | null): void;
  /** Where the caret is; null while there is no editor. */
  caret(): EditorCaret | null;
  /** A widget of the editor is open and takes Escape for itself. */
  wantsEscape(): boolean;
}

interface Props {
  readonly cell: CellId;
  readonly label: string;
  readonly source: string;
  /** The source as the notebook has it now; `source` may be a frame behind. */
  readonly current: () => string;
  readonly language: 'code' | 'text';
  readonly placeholder: string;
  /** False gives the live editor up: another cell is the selected one. */
  readonly live: boolean;
  readonly onChange: (source: string) => void;
  readonly onFocus: () => void;
  readonly onBlur: () => void;
  readonly ref: Ref<CodeEditorHandle>;
}

/**
 * The text of a cell. A `PlainEditor` at rest and for the first keystrokes; once Monaco has come it takes over
 * text, selection and focus within one turn of the event loop, so no key falls between the two.
 */
export function CodeEditor({ ref, ...props }: Props): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const plain = useRef<PlainEditorHandle>(null);
  const editor = useRef<LiveEditor>(null);
  const latest = useRef(props);
  const assist = useRef(useUi().assist);
  /** Something is under way that a change of editors would break: a composition, a selection by pointer. */
  const held = useRef(false);
  const [mounted, setMounted] = useState(false);
  const printing = usePrinting();

  const px = useCluster((view) => usualLanguage(view.engines));
  const latestPx = useRef(px);
  useLayoutEffect(() => {
    latest.current = props;
    latestPx.current = px;
  });

  useEffect(() => {
    if (mounted)
      void loadMonaco().then(({ setPxLanguage }) => {
        setPxLanguage(px);
      });
  }, [mounted, px]);

  const takeOver = useCallback(() => {
    if (latest.current.language !== 'code' || !monacoSuits() || editor.current || held.current) return;
    loadMonaco().then(
      ({ openLiveEditor, setPxLanguage }) => {
        setPxLanguage(latestPx.current);
        const area = plain.current?.element;
        const box = host.current;
        if (!area || !box || editor.current || held.current || document.activeElement !== area) return;
        box.hidden = false;
        editor.current = openLiveEditor({
          host: box,
          cell: latest.current.cell,
          value: area.value,
          label: latest.current.label,
          assist: assist.current,
          selection: [area.selectionStart, area.selectionEnd],
          onChange: (text) => {
            latest.current.onChange(text);
          },
          onFocus: () => {
            latest.current.onFocus();
          },
          onBlur: () => {
            latest.current.onBlur();
          },
          onCaret: (top, bottom) => {
            revealCaret(box, top, bottom);
          },
        });
        editor.current.focus(null);
        flushSync(() => {
          setMounted(true);
        });
      },
      // The plain editor does; the next focus tries again.
      () => undefined,
    );
  }, []);

  const release = useCallback(() => {
    held.current = false;
    takeOver();
  }, [takeOver]);

  const giveUp = useCallback(() => {
    editor.current?.dispose();
    editor.current = null;
    setMounted(false);
  }, []);

  useLayoutEffect(() => {
    if (!props.live && editor.current) giveUp();
  }, [props.live, giveUp]);

  useEffect(() => {
    editor.current?.setValue(latest.current.current());
  }, [props.source]);

  useEffect(() => {
    editor.current?.setLabel(props.label);
  }, [props.label]);

  useEffect(() => {
    const box = host.current;
    if (!mounted || !box) return;
    const observer = new ResizeObserver(() => editor.current?.layout());
    observer.observe(box);
    return () => {
      observer.disconnect();
    };
  }, [mounted]);

  useEffect(() => {
    const cell = props.cell;
    return () => {
      const opened = editor.current !== null;
      editor.current?.dispose();
      editor.current = null;
      if (opened)
        void loadMonaco().then(({ disposeModel }) => {
          disposeModel(cell);
        });
    };
  }, [props.cell]);

  useImperativeHandle(
    ref,
    () => ({
      focus: (caret) => {
        (editor.current ?? plain.current)?.focus(caret);
      },
      caret: () => {
        const area = plain.current?.element;
        if (editor.current) return editor.current.caret();
        return area ? { start: area.selectionStart, end: area.selectionEnd } : null;
      },
      wantsEscape: () => editor.current?.wantsEscape() ?? false,
    }),
    [],
  );

  return (
    <div
      className="code-editor"
      onPointerEnter={prefetch}
      onPointerDown={() => {
        if (mounted) return;
        held.current = true;
        window.addEventListener('pointerup', release, { once: true });
        window.addEventListener('pointercancel', release, { once: true });
      }}
      onCompositionStart={() => {
        held.current = true;
      }}
      onCompositionEnd={release}
    >
      {mounted ? null : (
        <PlainEditor
          ref={plain}
          label={props.label}
          current={props.current}
          source={props.source}
          coloured={props.language === 'code'}
          wrap={props.language === 'text'}
          placeholder={props.placeholder}
          onChange={props.onChange}
          onFocus={() => {
            props.onFocus();
            takeOver();
          }}
          onBlur={props.onBlur}
        />
      )}
      <div ref={host} className="live-editor" hidden={!mounted} />
      {/* Monaco has the lines in sight, in the colours of the screen. */}
      {mounted && printing ? (
        <pre className="printed-code">
          <CodeText text={props.current()} px={px} />
        </pre>
      ) : null}
    </div>
  );
}

function prefetch(): void {
  if (monacoSuits()) loadMonaco().catch(() => undefined);
}
