import { expect, it, vi } from 'vitest';
import { session } from '../notebook/session-history.ts';
import type { EngineState } from '../protocol/client-messages.ts';
import { idleEngine } from '../testing/idle-engine.ts';
import { createClusterStore } from '../ui/stores/cluster-store.ts';
import { createNotebookStore, viewOf } from '../ui/stores/notebook-store.ts';
import { knownNames } from './known-names.ts';

const engine = (n: number, names: readonly string[], status: EngineState['status'] = 'idle'): EngineState =>
  idleEngine(n, { status, names });

function setUp(kernel: 'idle' | 'busy' = 'idle') {
  const data = session('a');
  const notebook = createNotebookStore(data);
  const setKernel = (status: 'idle' | 'busy'): void => {
    const { session: now } = notebook.getState();
    notebook.setState(viewOf({ ...now, kernel: { status, reason: null } }, notebook.getState()));
  };
  setKernel(kernel);
  const cluster = createClusterStore();
  const kernelHas = vi.fn((name: string) => Promise.resolve(name === 'inKernel'));
  const names = knownNames({ notebook, cluster, kernelHas });
  const knows = (name: string) => names.knows?.(name);
  return { notebook, cluster, names, knows, kernelHas, setKernel };
}

it('a name is known where the kernel or any engine has it', async () => {
  const { cluster, knows } = setUp();
  cluster.setState({ engines: [engine(0, ['everywhere']), engine(1, ['everywhere', 'onOne'])] });
  expect(await knows('onOne')).toBe(true);
  expect(await knows('inKernel')).toBe(true);
  expect(await knows('nowhere')).toBe(false);
});

it('nothing is said before the engines have come, nor while something runs', async () => {
  const { cluster, knows, setKernel, kernelHas } = setUp();
  expect(await knows('nowhere')).toBeNull();
  cluster.setState({ engines: [engine(0, [], 'busy')] });
  expect(await knows('nowhere')).toBeNull();
  cluster.setState({ engines: [engine(0, [])] });
  setKernel('busy');
  expect(await knows('nowhere')).toBeNull();
  setKernel('idle');
  kernelHas.mockImplementationOnce(async () => {
    setKernel('busy');
    return Promise.resolve(false);
  });
  expect(await knows('nowhere')).toBeNull();
  setKernel('idle');
  expect(await knows('nowhere')).toBe(false);
});

it('when all has come to rest it is told, once', () => {
  const { cluster, names, setKernel } = setUp('busy');
  const heard = vi.fn();
  const stop = names.onNames?.(heard);
  cluster.setState({ engines: [engine(0, [])] });
  expect(heard).not.toHaveBeenCalled();
  setKernel('idle');
  cluster.setState({ engines: [engine(0, ['a'])] });
  expect(heard).toHaveBeenCalledTimes(1);
  stop?.();
  setKernel('busy');
  setKernel('idle');
  expect(heard).toHaveBeenCalledTimes(1);
});
