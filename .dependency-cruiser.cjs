// The floor plan: imports go down only. docs/ARCHITECTURE.md draws the same table.
const MAY_IMPORT = {
  base: [],
  protocol: ['base'],
  lang: ['base'],
  realm: ['base', 'protocol', 'lang'],
  engine: ['base', 'protocol', 'lang', 'realm'],
  controller: ['base', 'protocol'],
  transport: ['base', 'protocol'],
  'gateway-link': ['base', 'protocol', 'transport', 'controller'],
  client: ['base', 'protocol'],
  kernel: ['base', 'protocol', 'lang', 'realm', 'client'],
  runtime: ['base', 'protocol', 'controller', 'transport'],
  libs: [],
  offline: ['base'],
  notebook: ['base', 'protocol'],
  ui: ['base', 'protocol', 'notebook'],
  app: ['base', 'protocol', 'lang', 'transport', 'notebook', 'offline', 'ui'],
};
/** What runs beside a cluster, in Node: its rooms, and the rooms of `src/` that each may use. */
const REMOTE_MAY_IMPORT = {
  wire: { remote: [], src: ['base', 'protocol'] },
  engine: { remote: ['wire'], src: ['base', 'protocol', 'lang', 'realm', 'engine', 'transport'] },
  gateway: { remote: ['wire'], src: ['base', 'protocol', 'transport'] },
};
const TESTS = '[.](test|test-d|bench)[.]tsx?$';
const DOORS =
  '^src/(page[.]tsx|frame[.]ts|cluster[.]ts|schemes[.]ts|kernel[.]worker[.]ts|engine[.]worker[.]ts|service-worker[.]ts)$';

const rooms = Object.entries(MAY_IMPORT).map(([room, allowed]) => ({
  name: `floor-${room}`,
  severity: 'error',
  comment: `src/${room} may import only: ${allowed.join(', ') || 'nothing of ours'}`,
  from: { path: `^src/${room}/`, pathNot: `${TESTS}|^src/testing/` },
  to: { path: '^src/', pathNot: `^src/(${[room, ...allowed].join('|')})/` },
}));

const remoteRooms = Object.entries(REMOTE_MAY_IMPORT).map(([room, { remote, src }]) => ({
  name: `floor-remote-${room}`,
  severity: 'error',
  comment: `remote/${room} may import only: ${[...remote.map((other) => `remote/${other}`), ...src].join(', ')}`,
  from: { path: `^remote/${room}/`, pathNot: TESTS },
  to: {
    path: '^(src|remote/(wire|engine|gateway|testing))/',
    pathNot: [`^remote/(${[room, ...remote].join('|')})/`, `^src/(${src.join('|')})/`],
  },
}));

/** What each door may open. */
const doors = [
  ['page[.]tsx', 'app'],
  ['cluster[.]ts', 'base|protocol|gateway-link|transport'],
  ['frame[.]ts', 'base|protocol|runtime|transport'],
  ['schemes[.]ts', 'runtime'],
  ['service-worker[.]ts', 'base|offline'],
  ['kernel[.]worker[.]ts', 'base|protocol|kernel|transport|lang|realm'],
  ['engine[.]worker[.]ts', 'base|protocol|engine|transport|lang|realm'],
].map(([door, allowed]) => ({
  name: `door-${door}`,
  severity: 'error',
  from: { path: `^src/${door}$` },
  to: { path: '^src/', pathNot: `^src/(${allowed})/` },
}));

module.exports = {
  forbidden: [
    ...rooms,
    ...remoteRooms,
    ...doors,
    {
      name: 'the-page-knows-no-remote',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^remote/' },
    },
    { name: 'doors-are-not-imported', severity: 'error', from: { path: '^src/' }, to: { path: DOORS } },
    {
      name: 'windows-reach-no-evaluator',
      severity: 'error',
      comment:
        'No text of a notebook becomes code in a window: what evaluates cannot even be reached from there.',
      from: { path: '^src/(page[.]tsx|frame[.]ts|cluster[.]ts|schemes[.]ts)$' },
      to: {
        path: '^src/(base/(function-from|primordials)|transport/worker-realm|realm/|client/)',
        reachable: true,
      },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'react-only-upstairs',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(ui|app|page)' },
      to: { path: '(^|node_modules/)(react|react-dom|zustand|monaco-editor)(/|$)' },
    },
    {
      name: 'comlink-only-in-transport',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/transport/' },
      to: { path: '(^|node_modules/)comlink(/|$)' },
    },
    {
      name: 'testing-room-only-from-tests',
      severity: 'error',
      from: { path: '^src/', pathNot: `${TESTS}|^src/testing/` },
      to: { path: '^src/testing/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'virtual:' },
  },
};
