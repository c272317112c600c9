/**
 * The folders of src/, from the top down: each imports only from itself and those above it. Without a layer in the list a
 * folder may import nothing.
 */
const LAYERS = [
  'network',
  'catalogue',
  'contract',
  'openapi',
  'model',
  'judging',
  'gateway',
  'stand-in',
  'explore',
  'report',
  'run',
];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...LAYERS.map((layer, i) => ({
      name: `src-${layer}-imports-only-from-above`,
      comment: `src/${layer} may import from: ${LAYERS.slice(0, i).join(', ') || 'nothing'}.`,
      severity: 'error',
      from: { path: `^src/${layer}/` },
      to: { path: '^(src|fixtures|tests|scripts)/', pathNot: `^src/(${LAYERS.slice(0, i + 1).join('|')})/` },
    })),
    {
      name: 'src-folders-are-layers',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(${LAYERS.join('|')})/` },
      to: {},
    },
    {
      name: 'fixtures-import-only-from-src',
      severity: 'error',
      from: { path: '^fixtures/' },
      to: { path: '^(tests|scripts)/' },
    },
    {
      name: 'contract-tests-import-only-fixtures-and-catalogue',
      severity: 'error',
      from: { path: '^tests/contract/' },
      to: { path: '^(src|tests|scripts)/', pathNot: '^src/catalogue/' },
    },
    {
      name: 'scripts-import-only-from-src',
      severity: 'error',
      from: { path: '^scripts/' },
      to: { path: '^(tests|fixtures)/' },
    },
    {
      name: 'tests-run-scripts-and-import-none',
      severity: 'error',
      from: { path: '^tests/' },
      to: { path: '^scripts/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Imports of types count.
    tsPreCompilationDeps: true,
  },
};
