import { afterEach, describe, expect, it } from 'vitest';
import type { EngineUuid } from '../protocol/ids.ts';
import type { WireError } from '../protocol/errors.ts';
import { collectErrors, CompositeError } from './composite-error.ts';
import * as errors from './errors.ts';
import { RemoteError, TuttiError } from './errors.ts';
import type { Spelled } from './spelling.ts';
import { reviveError, reviveRefusal } from './revive-error.ts';

const info = (engineId: number, method = 'execute') => ({
  engineId,
  engineUuid: `engine-${String(engineId)}` as EngineUuid,
  method,
});

const remote = (engineId: number, ename = 'TypeError') =>
  new RemoteError(ename, 'msg', [`${ename}: msg`, '    at f (cell-4:2:5)'], info(engineId));

const composite = (n: number) =>
  collectErrors(
    Array.from({ length: n }, (_, i) => remote(i)),
    'f',
  );

afterEach(() => {
  CompositeError.tbLimit = 5;
});

describe('RemoteError', () => {
  it('J.218 says engine, method and name', () => {
    const error = new RemoteError('TypeError', 'msg', [], info(3, 'apply'));
    expect(String(error)).toBe('[3:apply] TypeError: msg');
    expect(error).toMatchObject({ name: 'RemoteError', ename: 'TypeError', evalue: 'msg', message: 'msg' });
    expect(error).toBeInstanceOf(TuttiError);
  });

  it('J.221 shows the user’s frames', () => {
    expect(remote(1).renderTraceback()).toEqual(['[1:execute] TypeError: msg', '    at f (cell-4:2:5)']);
    expect(remote(1).stack).toContain('at f (cell-4:2:5)');
  });

  it('survives the way to wire data and back, position included', () => {
    const wire: WireError = {
      ename: 'SyntaxError',
      evalue: 'Unexpected token',
      traceback: ['SyntaxError: Unexpected token'],
      frames: [],
      engineInfo: info(0),
      position: { url: 'cell-1/a', line: 2, column: 3 },
    };
    expect(RemoteError.fromWire(wire).toWire()).toEqual(wire);
  });
});

describe('CompositeError', () => {
  it('J.209 lists every failure as data', () => {
    const error = composite(3);
    expect(error.msg).toBe('one or more exceptions raised in: f');
    expect(error.message).toBe(
      'one or more exceptions raised in: f (3 errors, the first: [0:execute] TypeError: msg)',
    );
    expect(error.elist).toHaveLength(3);
    expect(error.elist[1]).toEqual({
      ename: 'TypeError',
      evalue: 'msg',
      traceback: ['TypeError: msg', '    at f (cell-4:2:5)'],
      engineInfo: info(1),
    });
    expect(error.wireErrors.map((wire) => wire.engineInfo?.engineId)).toEqual([0, 1, 2]);
  });

  it('J.212 names at most tbLimit of them in its text', () => {
    expect(String(composite(7)).split('\n')).toEqual([
      'one or more exceptions raised in: f',
      ...[0, 1, 2, 3, 4].map((id) => `[${String(id)}:execute] TypeError: msg`),
      '.... 2 more exceptions ...',
    ]);
  });

  it('J.214 shows as many tracebacks as tbLimit says', () => {
    CompositeError.tbLimit = 1;
    expect(composite(4).renderTraceback()).toEqual([
      '[0:execute]:',
      'TypeError: msg',
      '    at f (cell-4:2:5)',
      '',
      '... 3 more exceptions ...',
    ]);
  });

  it('J.216 shows one traceback alone', () => {
    expect(composite(4).renderTraceback(1)).toEqual([
      '[1:execute]:',
      'TypeError: msg',
      '    at f (cell-4:2:5)',
    ]);
    expect(() => composite(4).renderTraceback(9)).toThrow('an exception with index 9 does not exist');
  });

  it('raises one of its errors as a RemoteError', () => {
    expect(() => composite(2).raiseException()).toThrow(remote(0));
    expect(() => composite(2).raiseException(5)).toThrow(errors.IndexError);
  });

  it('tells equal failures once, with their engines', () => {
    const error = collectErrors([remote(0), remote(3, 'RangeError'), remote(2)], 'f');
    expect(error.grouped).toMatchObject([
      { ename: 'TypeError', engines: [{ engineId: 0 }, { engineId: 2 }], indices: [0, 2] },
      { ename: 'RangeError', engines: [{ engineId: 3 }], indices: [1] },
    ]);
  });

  it('J.217 flattens nested ones', () => {
    const nested = collectErrors([composite(2), remote(9)], 'g');
    expect(nested.elist.map((entry) => entry.engineInfo?.engineId)).toEqual([0, 1, 9]);
  });

  it('has IPython’s spelling too', () => {
    const error = composite(1);
    const spelled = error as Spelled<CompositeError>;
    expect(() => spelled.raise_exception(0)).toThrow(remote(0));
    expect(Reflect.get(CompositeError, 'tb_limit')).toBe(5);
    expect(Reflect.get(remote(2), 'engine_info')).toEqual(info(2));
  });
});

describe('error classes', () => {
  it('have their Python names and one root', () => {
    for (const name of [
      'KeyError',
      'IndexError',
      'ValueError',
      'TimeoutError',
      'EngineError',
      'TaskAborted',
    ] as const) {
      const error = new errors[name]('what');
      expect(error).toMatchObject({ name, message: 'what' });
      expect(error).toBeInstanceOf(TuttiError);
    }
  });

  it('DependencyTimeout is a TaskTimeout, and an impossible dependency', () => {
    const error = new errors.DependencyTimeout();
    expect(error).toBeInstanceOf(errors.TaskTimeout);
    expect(error).toBeInstanceOf(errors.TimeoutError);
    expect(error).toBeInstanceOf(errors.ImpossibleDependency);
    expect(error).toBeInstanceOf(errors.UnmetDependency);
    expect(error).not.toBeInstanceOf(errors.InvalidDependency);
    expect(new errors.InvalidDependency()).toBeInstanceOf(errors.UnmetDependency);
    expect(new errors.TaskTimeout()).not.toBeInstanceOf(errors.UnmetDependency);
  });
});

describe('reviving', () => {
  const wire = (ename: string, engineInfo = null as WireError['engineInfo']): WireError => {
    return { ename, evalue: 'what', traceback: [], frames: [], engineInfo };
  };

  it('gives the controller’s errors their class, and who had the task', () => {
    const error = reviveError(wire('EngineError'), info(2));
    expect(error).toBeInstanceOf(errors.EngineError);
    expect(error.engineInfo).toEqual(info(2));
  });

  it('keeps the user’s errors remote, under their own name', () => {
    const error = reviveError(wire('KeyError', info(1)), info(1));
    expect(error).toBeInstanceOf(RemoteError);
    expect(error.ename).toBe('KeyError');
    expect(reviveError(wire('KeyboardInterrupt', info(1)), info(1))).toBeInstanceOf(RemoteError);
  });

  it('gives refusals their class', () => {
    expect(reviveRefusal('KeyError', 'No such message')).toBeInstanceOf(errors.KeyError);
    expect(reviveRefusal('OddError', 'x')).toMatchObject({ ename: 'OddError' });
  });
});
