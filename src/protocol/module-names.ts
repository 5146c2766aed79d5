/** What an import names, apart from the address that it comes from. */
export interface ModuleName {
  /** Of the package: `d3`, `@observablehq/plot`. */
  readonly name: string;
  /** As it is written: `7`, `^7.9`, `latest`; '' without one. */
  readonly version: string;
  /** In the package, with its slash; '' for the package itself. */
  readonly path: string;
}

const PACKAGE = /^((?:@[^/@\s]+\/)?[^/@\s]+)(?:@([^/\s]+))?(\/\S*)?$/;

/** Of `d3`, `npm:d3@7`, `@scope/name@1/some/path`. Null for what names no package. */
export function readModuleName(specifier: string): ModuleName | null {
  const [, name, version = '', path = ''] = PACKAGE.exec(specifier.replace(/^npm:\/*/, '')) ?? [];
  return name === undefined || name.startsWith('.') ? null : { name, version, path };
}

/** Of Node's modules those that no package of the same name stands in for elsewhere. */
const NODE_ONLY: ReadonlySet<string> = new Set(
  (
    'async_hooks child_process cluster crypto dgram diagnostics_channel dns domain fs http http2 https inspector module ' +
    'net os perf_hooks readline repl stream tls trace_events tty v8 vm wasi worker_threads zlib'
  ).split(' '),
);

/** `node:os`, `fs`, `fs/promises`: modules of Node's own, which are in no browser. */
export function isNodeModule(specifier: string): boolean {
  return specifier.startsWith('node:') || NODE_ONLY.has(specifier.split('/')[0] ?? '');
}

/** Of `import(url, { with: { type: 'json' } })`. */
export interface ImportCallOptions {
  readonly with: Readonly<Record<string, string>>;
}

/** What an error is called that says that the policy of this realm lets nothing in. */
export const NETWORK_OFF = 'NetworkOff';
