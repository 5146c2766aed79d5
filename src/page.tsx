import urls from 'virtual:runtime-bundles';
import { createApp } from './app/create-app.tsx';
import { browserPlace, reloadIsolated } from './app/isolation.ts';

/** The door of the page. The notebook is there before what runs it, whose parts come meanwhile. */
const runtime = () => import('./app/runtime-frame.ts');

const root = document.getElementById('root');
// Awaited by nobody: parts that come later import what stands in the page's own file, and would wait for its end.
if (root) void open(root);

async function open(root: HTMLElement): Promise<void> {
  const isolation = await reloadIsolated(browserPlace(urls['service-worker']));
  if (isolation === 'reloading') return;
  void runtime().then(({ prepareRuntime }) => {
    prepareRuntime();
  });
  await createApp({
    root,
    startRuntime: async (start) => (await runtime()).startRuntime(start),
    readLibrary: async (part) => (await runtime()).fetchPart(part),
    trouble: isolation?.trouble ?? null,
  });
}
