import { afterEach, describe, expect, it } from 'vitest';
import { closeClusters, testCluster } from '../testing/test-cluster.ts';
import { BlockingUnavailableError, CompositeError, FileNotFoundError } from './index.ts';
import { parseImport } from './import-spec.ts';

afterEach(closeClusters);

const FILES: Readonly<Record<string, string>> = {
  'setup.js': 'function tens(x) {\n  if (x < 0) throw new RangeError("negative");\n  return 10 * x;\n}',
  'data/last.ts': 'let last: number = 7; last // no line break here',
};

/** With files that are there at once, or a little later. */
async function withFiles(isLate: boolean, n = 2) {
  const readFile = (name: string) => {
    const text = FILES[name];
    if (text === undefined) throw new Error('there is no such file');
    return text;
  };
  const readLate = async (name: string) => Promise.resolve().then(() => readFile(name));
  const { rc } = await testCluster({ n, environment: { readFile: isLate ? readLate : readFile } });
  return { rc, dview: rc.slice(), e0: rc.at(0) };
}

describe.each([false, true])('run (files come later: %s)', (isLate) => {
  it('B.77 is execute of the file and a line break; what it defines can be used', async () => {
    const { dview, e0 } = await withFiles(isLate);
    const ar = dview.run('setup.js');
    expect(ar.msgIds).toHaveLength(2);
    expect((await ar).map(String)).toEqual(['<ExecuteReply[0]: >', '<ExecuteReply[0]: >']);
    expect(await dview.pull('tens(4)')).toEqual([40, 40]);
    const reply = await e0.run('data/last.ts', { silent: false });
    expect(reply.executeResult?.data['text/plain']).toBe('7');
  });

  it('an error in it names the file', async () => {
    const { e0 } = await withFiles(isLate);
    await e0.run('setup.js');
    await expect(e0.pull('tens(-1)')).rejects.toMatchObject({
      ename: 'RangeError',
      frames: [{ functionName: 'tens', url: 'setup', line: 2 }],
    });
  });

  it('a file that is not there is one error, and nothing runs', async () => {
    const { rc, dview } = await withFiles(isLate);
    const before = rc.history.length;
    const run = async () => dview.run('nope.js');
    await expect(run()).rejects.toThrow(
      new FileNotFoundError("'nope.js' could not be read: there is no such file"),
    );
    expect(rc.outstanding.size).toBe(0);
    expect(await rc.hubHistory()).toHaveLength(before);
  });
});

describe('run', () => {
  it('takes names only, and says when there are no files at all', async () => {
    const { rc } = await testCluster({ n: 1 });
    expect(() => rc.at(0).run('x.js')).toThrow("'x.js' could not be read: there are no files here");
    expect(() => rc.at(0).run(5 as never)).toThrow(TypeError);
    expect(() => rc.at(0).run('x.js', { bogus: 1 } as never)).toThrow(/unexpected option/);
  });

  it('cannot block while a file is on its way', async () => {
    const { dview } = await withFiles(true);
    expect(() => dview.run('setup.js', { block: true })).toThrow(BlockingUnavailableError);
  });

  it('what waits for its file ends when the client is closed', async () => {
    const { rc, dview } = await withFiles(true);
    const ar = dview.run('setup.js');
    rc.close();
    await expect(ar).rejects.toThrow('The client was closed while this was pending');
  });
});

const MODULES: Readonly<Record<string, object>> = {
  lodash: { chunk: () => 'chunks', default: {} },
  '@observablehq/plot-next': { version: 2 },
  'https://esm.sh/only-default@4.1.0/index.mjs': { default: 'the default' },
};

async function withModules(environment = {}, fails: (call: number) => boolean = () => false) {
  let calls = 0;
  const importUrl = (url: string): Promise<unknown> => {
    const name = url.replace('https://cdn.jsdelivr.net/npm/', '').replace(/\/\+esm$/, '');
    const module = MODULES[name];
    return module && !fails(calls++) ? Promise.resolve(module) : Promise.reject(new Error('404'));
  };
  const cluster = await testCluster({ n: 3, environment, importUrl });
  const printed = () =>
    cluster.shown.map((output) => (output.type === 'stream' ? output.text : output.type)).join('');
  return { dview: cluster.rc.slice(), printed };
}

describe('syncImports', () => {
  it('S.358 says what it imports, and the name is there on every engine', async () => {
    const { dview, printed } = await withModules();
    await dview.syncImports(['lodash', '@observablehq/plot-next']);
    expect(printed()).toBe('importing lodash on engine(s)\nimporting @observablehq/plot-next on engine(s)\n');
    expect(await dview.pull(['lodash.chunk()', 'plotNext.version'])).toEqual(Array(3).fill(['chunks', 2]));
    expect(await dview.keys()).toEqual(Array(3).fill(['lodash', 'plotNext']));
  });

  it('S.358 is quiet when asked, and importer is the same for one module', async () => {
    const { dview, printed } = await withModules();
    await dview.importer('lodash as _', { quiet: true });
    expect(printed()).toBe('');
    await dview.importer('chunk from lodash');
    await dview.importer('chunk from lodash', { as: 'parts' });
    expect(printed()).toBe(
      'importing chunk from lodash on engine(s)\nimporting chunk from lodash as parts on engine(s)\n',
    );
    expect(await dview.pull(['_.chunk()', 'chunk()', 'parts()'])).toEqual(
      Array(3).fill(Array(3).fill('chunks')),
    );
  });

  it('says what it takes when it gets something else', async () => {
    const { dview } = await withModules({});
    const wrong = dview.syncImports((() => 'd3') as unknown as string);
    await expect(wrong).rejects.toThrow(
      "syncImports takes the names of modules, like ['d3', 'lodash-es as _']",
    );
  });

  it('S.358 rejects with the errors of the engines that cannot load it', async () => {
    const { dview } = await withModules({}, (call) => call === 1);
    const error = await dview.syncImports('lodash').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CompositeError);
    expect(error).toMatchObject({
      msg: 'one or more exceptions raised in: import lodash',
      elist: [
        { ename: 'ImportError', evalue: expect.stringContaining("'lodash' could not be loaded") as string },
      ],
    });
    await expect(dview.syncImports('missing from lodash')).rejects.toMatchObject({
      elist: Array(3)
        .fill({ ename: 'SyntaxError' })
        .map((entry: object) => expect.objectContaining(entry) as unknown),
    });
  });

  it('imports here too, unless told not to; the engines’ errors come first', async () => {
    const codes: string[] = [];
    const runHere = (code: string) => {
      codes.push(code);
      return Promise.reject(new Error('not here'));
    };
    const { dview } = await withModules({ runHere }, (call) => call >= 3);
    await expect(dview.syncImports('lodash')).rejects.toThrow('not here');
    expect(codes).toEqual([expect.stringContaining('await import("lodash")')]);
    await expect(dview.syncImports('@observablehq/plot-next')).rejects.toThrow(CompositeError);
    await expect(dview.syncImports('lodash', { local: false })).resolves.toBeUndefined();
  });

  it('a module with nothing but a default export is that export', async () => {
    const { dview } = await withModules();
    await dview.syncImports('https://esm.sh/only-default@4.1.0/index.mjs');
    expect(await dview.pull('onlyDefault')).toEqual(Array(3).fill('the default'));
  });

  it.each([
    ['d3', 'd3', null],
    ['@observablehq/plot', 'plot', null],
    ['lodash-es@4.17.21', 'lodashEs', null],
    ['https://esm.sh/x-y.z@1/+esm?dev', 'xYZ', null],
    ['./folder/my.mod.js', 'myMod', null],
    ['a as b', 'b', null],
    ['mean from d3', 'mean', 'mean'],
    ['mean from d3 as average', 'average', 'mean'],
  ])('%s is imported as %s', (text, name, exported) => {
    expect(parseImport(text)).toMatchObject({ name, exported });
  });

  it('refuses what gives no name', async () => {
    const { dview } = await withModules();
    await expect(dview.syncImports('https://example.org/1')).rejects.toThrow(/gives no name/);
    await expect(dview.syncImports('d3 as 3d')).rejects.toThrow(/gives no name/);
    await expect(dview.syncImports([5 as never])).rejects.toThrow(TypeError);
    await expect(dview.syncImports(['a', 'b'], { as: 'c' })).rejects.toThrow(/a name for one module/);
    expect(() => dview.syncImports('d3', { bogus: 1 } as never)).toThrow(TypeError);
  });
});
