import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Time and chance come into the brains as arguments. */
const brains = [
  'src/controller/**',
  'src/gateway-link/**',
  'src/notebook/**',
  'src/lang/**',
  'src/client/**',
  'src/engine/**',
  'src/realm/**',
];
/** What runs on the frame's main thread, where no text of a notebook may become code. */
const frameRooms = [
  'src/{frame,cluster,schemes}.ts',
  'src/protocol/**',
  'src/controller/**',
  'src/runtime/**',
  'src/gateway-link/**',
  'src/transport/**',
];
/** The wall: who posts and who opens channels. */
const wall = [
  {
    selector: "CallExpression[callee.property.name='postMessage']",
    message: 'postMessage lives in src/transport.',
  },
  {
    selector: 'NewExpression[callee.name=/^(Worker|MessageChannel|BroadcastChannel)$/]',
    message: 'Channels are opened in src/transport.',
  },
];
const noText = [
  { selector: 'ImportExpression', message: 'Modules are loaded by src/transport/import-module.ts.' },
  { selector: "Identifier[name='eval']", message: 'No text becomes code on the frame’s main thread.' },
  {
    selector: "CallExpression[callee.name='Function'], NewExpression[callee.name='Function']",
    message: 'No text becomes code on the frame’s main thread.',
  },
];
const tests = ['**/*.test.ts', '**/*.test.tsx', 'src/testing/**', 'remote/testing/**', 'e2e/**', 'bench/**'];

export default tseslint.config(
  {
    ignores: [
      'dist',
      'remote/dist',
      'node_modules',
      'remote/node_modules',
      'remote/.build',
      '.cache',
      'public',
      'notebooks',
      'test-results',
      'playwright-report',
    ],
  },
  {
    files: ['**/*.{ts,tsx}'],
    // What needs types is oxlint's (.oxlintrc.json): it reads them with the native compiler, in a tenth of the time.
    extends: [...tseslint.configs.strict],
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-dynamic-delete': 'off',
      'no-console': ['error', { allow: ['warn', 'error'] }],
    },
  },
  {
    files: ['src/ui/**/*.tsx', 'src/app/**/*.tsx'],
    plugins: { 'react-hooks': reactHooks },
    rules: reactHooks.configs.recommended.rules,
  },
  {
    files: brains,
    ignores: tests,
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'setTimeout', message: 'Brains take Timers.' },
        { name: 'performance', message: 'Brains take a Clock.' },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Brains take a Clock.' },
        { object: 'Math', property: 'random', message: 'Brains take a Random.' },
      ],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: [
      'src/transport/**',
      'src/app/runtime-frame.ts',
      'src/*.worker.ts',
      'src/frame.ts',
      'src/service-worker.ts',
      'src/ui/editor/**',
      ...tests,
    ],
    rules: { 'no-restricted-syntax': ['error', ...wall] },
  },
  {
    files: frameRooms,
    // The first is the evaluator of workers, the second loads modules of ours.
    ignores: ['src/transport/worker-realm.ts', 'src/transport/import-module.ts', ...tests],
    rules: {
      'no-restricted-syntax': ['error', ...wall, ...noText],
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: 'base/function-from', message: 'No text becomes code here.' }] },
      ],
    },
  },
  {
    // They post, and that is all they may do more.
    files: ['src/frame.ts', 'src/transport/**'],
    ignores: ['src/transport/worker-realm.ts', 'src/transport/import-module.ts', ...tests],
    rules: { 'no-restricted-syntax': ['error', ...noText] },
  },
  // What they run on engines prints.
  { files: tests, rules: { '@typescript-eslint/no-non-null-assertion': 'off', 'no-console': 'off' } },
  { files: ['scripts/**'], rules: { 'no-console': 'off' } },
);
