import { describe, expect, it } from 'vitest';
import type { MimeBundle, StreamEvent } from '../protocol/outputs.ts';
import { makeDisplay } from './display.ts';
import { bundleOf, isEmptyBundle } from './mime.ts';

const data = (value: unknown) => (bundleOf(value) as MimeBundle).data;

describe('bundleOf', () => {
  it('a string is text, never HTML', () => {
    expect(data('<b>x</b>')).toEqual({ 'text/plain': "'<b>x</b>'" });
  });

  it('Jupyter.display is honoured, with text added', () => {
    class Html {
      [Symbol.for('Jupyter.display')]() {
        return { 'text/html': '<b>bold</b>', 'application/json': { a: [1] } };
      }
    }
    expect(data(new Html())).toEqual({
      'text/html': '<b>bold</b>',
      'application/json': { a: [1] },
      'text/plain': 'Html {}',
    });
  });

  it('a display method may be async', async () => {
    const slow = { [Symbol.for('Jupyter.display')]: () => Promise.resolve({ 'text/plain': 'slow' }) };
    expect(await bundleOf(slow)).toEqual({ data: { 'text/plain': 'slow' }, metadata: {} });
  });

  it("JupyterLite's methods are honoured; bytes become base64", () => {
    const figure = { _toHtml: () => '<p>', _toSvg: () => '<svg/>', _toPng: () => new Uint8Array([1, 2, 3]) };
    expect(data(figure)).toMatchObject({
      'text/html': '<p>',
      'image/svg+xml': '<svg/>',
      'image/png': 'AQID',
    });
    const pair = {
      _toMime: () => [{ 'image/png': 'data:image/png;base64,AQID' }, { 'image/png': { width: 3 } }],
    };
    expect(bundleOf(pair)).toMatchObject({
      data: { 'image/png': 'AQID' },
      metadata: { 'image/png': { width: 3 } },
    });
  });

  it('elements are SVG with its namespace, or HTML', () => {
    expect(data({ tagName: 'svg', outerHTML: '<svg width="1"></svg>' })).toEqual({
      'image/svg+xml': '<svg xmlns="http://www.w3.org/2000/svg" width="1"></svg>',
      'text/plain': '<svg>',
    });
    expect(data({ tagName: 'FIGURE', outerHTML: '<figure></figure>' })).toMatchObject({
      'text/html': '<figure></figure>',
    });
  });

  it('a method that throws or rejects is told, in text', async () => {
    const bad = () => {
      throw new Error('no');
    };
    expect(data({ _toHtml: bad })['text/plain']).toContain('its display method failed: Error: no');
    const rejecting = { _toHtml: () => Promise.reject(new Error('later')) };
    expect((await bundleOf(rejecting)).data['text/plain']).toContain('later');
  });

  it('values of a JSON form that are no JSON become text, and too large forms a note', () => {
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    expect(
      data({ [Symbol.for('Jupyter.display')]: () => ({ 'application/json': loop }) })['application/json'],
    ).toContain('Circular');
    const large = { _toHtml: () => 'x'.repeat(17 << 20) };
    expect(data(large)['text/plain']).toContain('too large to show');
  });
});

describe('display', () => {
  function recorded() {
    const events: StreamEvent[] = [];
    let n = 0;
    const api = makeDisplay(
      (event) => events.push(event),
      () => `id${String(n++)}`,
    );
    return { ...api, events };
  }

  it('shows a value, and its handle updates it and is nothing to show itself', () => {
    const { display, events } = recorded();
    const handle = display(1);
    handle.update([2]);
    expect(events).toEqual([
      { type: 'display', bundle: { data: { 'text/plain': '1' }, metadata: {} }, displayId: 'id0' },
      {
        type: 'display',
        bundle: { data: { 'text/plain': '[ 2 ]' }, metadata: {} },
        displayId: 'id0',
        update: true,
      },
    ]);
    expect(isEmptyBundle(bundleOf(handle) as MimeBundle)).toBe(true);
  });

  it('forms can be given by name', () => {
    const { display, events } = recorded();
    display.html('<i>');
    display.png(new Uint8Array([1, 2, 3]), { metadata: { 'image/png': { width: 5 } } });
    display.json({ a: 1 });
    display({ 'text/markdown': ['# a\n', 'b'] }, { raw: true, displayId: 'mine' });
    expect(events).toMatchObject([
      { bundle: { data: { 'text/html': '<i>' } } },
      { bundle: { data: { 'image/png': 'AQID' }, metadata: { 'image/png': { width: 5 } } } },
      { bundle: { data: { 'application/json': { a: 1 } } } },
      { bundle: { data: { 'text/markdown': '# a\nb' } }, displayId: 'mine' },
    ]);
  });

  it('updateDisplay and clearOutput', () => {
    const { updateDisplay, clearOutput, events } = recorded();
    updateDisplay('x', { displayId: 'a' });
    clearOutput({ wait: true });
    expect(events).toMatchObject([
      { displayId: 'a', update: true },
      { type: 'clear-output', wait: true },
    ]);
    expect(() => {
      updateDisplay('x', {} as { displayId: string });
    }).toThrow('needs { displayId }');
  });

  it('unknown options are refused by name', () => {
    const { display } = recorded();
    expect(() => display(1, { dispalyId: 'x' } as object)).toThrow("no option 'dispalyId'");
  });

  it('slow displays can be waited for', async () => {
    const { display, settled, events } = recorded();
    expect(settled()).toBeUndefined();
    display({ [Symbol.for('Jupyter.display')]: () => Promise.resolve({ 'text/html': 'x' }) });
    await settled();
    expect(events).toHaveLength(1);
    expect(settled()).toBeUndefined();
  });
});
