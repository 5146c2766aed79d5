import { createApp } from './app/create-app.tsx';
import { reloadIsolated } from './app/isolation.ts';
import { fetchPart, startRuntime } from './app/runtime-frame.ts';

/** The door of the page. */
const root = document.getElementById('root');
if (root && !(await reloadIsolated())) await createApp({ root, startRuntime, readLibrary: fetchPart });
