// poolifier-web-worker 0.5.15 takes a realm without a window for none that it knows; workers have none.
(globalThis as { window?: unknown }).window = globalThis;
