// Who may import whom. scripts/check-imports.ts runs it on the tree and on seeded violations, which must fail.
const TEST = '\\.test\\.tsx?$';
// Seeded violations mirror the layout below one folder of their own.
const R = '^(?:scripts/seeded-violations/)?';
const only = (name, from, to, extra = {}) => ({
  name,
  severity: 'error',
  from: { path: R + from, pathNot: TEST, ...extra.from },
  to: { path: R + to, ...extra.to },
});
const AREAS = '(?:contracts|core|eda|main|preload|renderer|backend)/';

module.exports = {
  forbidden: [
    only('contracts-are-leaves', 'contracts/', '(core|eda|main|preload|renderer|backend)/'),
    {
      name: 'contracts-use-zod-only',
      severity: 'error',
      from: { path: `${R}contracts/`, pathNot: TEST },
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'], pathNot: 'node_modules/zod/' },
    },
    only('core-imports-contracts', 'core/', '(eda|main|preload|renderer|backend)/'),
    {
      name: 'core-does-no-io',
      severity: 'error',
      from: { path: `${R}core/`, pathNot: TEST },
      to: {
        dependencyTypes: ['core'],
        path: '^(node:)?(fs|fs/promises|child_process|net|tls|dgram|http|https|http2|worker_threads|cluster|os|process)$',
      },
    },
    only('eda-imports-contracts-and-core', 'eda/', '(main|preload|renderer|backend)/'),
    only('main-does-not-import-backend-or-page', 'main/', '(preload|renderer|backend)/'),
    only('preload-imports-contracts', 'preload/', '(core|eda|main|renderer|backend)/'),
    only('renderer-imports-contracts-and-core', 'renderer/', '(eda|main|preload|backend)/'),
    only('backend-imports-contracts-and-core', 'backend/', '(main|preload|renderer)/'),
    only('backend-reaches-eda-through-tool-runner', 'backend/', 'eda/', {
      from: { pathNot: [TEST, `${R}backend/tool-runner/`] },
    }),
    only('ledger-never-imports-http', 'backend/ledger/', 'backend/http/'),
    {
      name: 'electron-in-its-shell-only',
      severity: 'error',
      from: { path: `${R}${AREAS}`, pathNot: `${R}(main/shells/electron|preload)/` },
      to: { path: '(^|/)node_modules/electron(-store)?/|^electron$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'child-process-in-listed-places',
      severity: 'error',
      from: {
        path: `${R}${AREAS}`,
        pathNot: [
          TEST,
          `${R}(eda/runner|main/terminal|main/skills/launchers|main/processes|backend/(processes|tool-runner|test))/`,
        ],
      },
      to: { path: '^(node:)?child_process$' },
    },
    {
      name: 'sql-in-repositories-only',
      severity: 'error',
      from: { path: `${R}backend/`, pathNot: [TEST, `${R}backend/(db|processes)/`, 'repository\\.ts$'] },
      to: { path: 'node_modules/pg/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'adapters-are-strangers',
      severity: 'error',
      from: { path: `${R}eda/adapters/([^/]+)/`, pathNot: TEST },
      to: { path: `${R}eda/adapters/[^/]+/`, pathNot: 'eda/adapters/$1/' },
    },
    {
      name: 'steps-are-strangers',
      severity: 'error',
      from: { path: `${R}main/job/steps/(?!index)[^/]+$`, pathNot: TEST },
      to: { path: `${R}main/job/steps/` },
    },
    {
      name: 'routes-are-strangers',
      severity: 'error',
      from: { path: `${R}backend/http/routes/(?!index)[^/]+$`, pathNot: TEST },
      to: { path: `${R}backend/http/routes/` },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: { pathNot: TEST },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '\\?(worker|url|raw)|^(virtual:|electron$|vite/client$|sarif$)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(fixtures|dist)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.css'],
    },
  },
};
