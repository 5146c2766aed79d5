import urls from 'virtual:runtime-bundles';
import { createApp } from './app/create-app.tsx';
import { browserPlace, reloadIsolated } from './app/isolation.ts';
import { fetchPart, startRuntime } from './app/runtime-frame.ts';

/** The door of the page. */
const root = document.getElementById('root');
if (root) {
  const isolation = await reloadIsolated(browserPlace(urls['service-worker']));
  if (isolation !== 'reloading') {
    await createApp({ root, startRuntime, readLibrary: fetchPart, trouble: isolation?.trouble ?? null });
  }
}
