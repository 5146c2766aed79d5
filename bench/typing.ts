import * as monaco from 'monaco-editor';
import '../src/ui/tokens.css';
import '../src/ui/base.css';
import '../src/ui/editor/editor.css';
import type { CellId } from '../src/protocol/ids.ts';
import { NO_ASSIST } from '../src/ui/editor/assist.ts';
import { openLiveEditor } from '../src/ui/editor/monaco-editor.ts';

/** An editor in an otherwise empty page, what typing costs at the least: `?editor=textarea`, `monaco` as it comes, or
 * `ours`, Monaco as cells have it. */
const SOURCE = '// step 1\nfunction f1(a: number, b = 2) {\n  return a * b + 1;\n}\nconsole.log(f1(3));';

const host = document.createElement('div');
host.style.cssText = 'width: 740px; margin: 200px auto';
document.body.append(host);

switch (new URLSearchParams(location.search).get('editor')) {
  case 'textarea': {
    const area = document.createElement('textarea');
    area.value = SOURCE;
    area.style.cssText = 'width: 100%; height: 200px; font: 13px/20px monospace';
    host.append(area);
    area.focus();
    break;
  }
  case 'monaco':
    host.style.height = '200px';
    monaco.editor.create(host, { value: SOURCE, language: 'plaintext' }).focus();
    break;
  case 'ours':
    host.className = 'live-editor';
    openLiveEditor({
      host,
      cell: 'bench' as CellId,
      value: SOURCE,
      label: 'Code',
      assist: NO_ASSIST,
      selection: [SOURCE.length, SOURCE.length],
      onChange: () => undefined,
      onFocus: () => undefined,
      onBlur: () => undefined,
      onCaret: () => undefined,
    }).focus(null);
    break;
  default:
    throw new Error('?editor=textarea, monaco or ours');
}
