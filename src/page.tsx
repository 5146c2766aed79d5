import urls from 'virtual:runtime-bundles';
import { createApp } from './app/create-app.tsx';
import { browserPlace, reloadIsolated } from './app/isolation.ts';

/** The door of the page. The notebook is there before what runs it. */
const runtime = () => import('./app/runtime-frame.ts');

const root = document.getElementById('root');
if (root) {
  const isolation = await reloadIsolated(browserPlace(urls['service-worker']));
  if (isolation !== 'reloading') {
    await createApp({
      root,
      startRuntime: async (start) => (await runtime()).startRuntime(start),
      readLibrary: async (part) => (await runtime()).fetchPart(part),
      trouble: isolation?.trouble ?? null,
    });
  }
}
