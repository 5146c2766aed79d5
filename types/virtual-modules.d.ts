declare module 'virtual:runtime-bundles' {
  /** Addresses of the runtime's parts, relative to the page. */
  const urls: Record<
    'frame' | 'kernel' | 'engine' | 'service-worker' | 'libs/plot' | 'cluster' | 'schemes' | 'libs/d3',
    string
  >;
  export default urls;
}
