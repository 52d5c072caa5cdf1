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

/** What each area may import besides itself and packages. `portal` and `renderer` are two houses on one kit. */
const MAY_IMPORT = {
  contracts: [],
  core: ['contracts'],
  disk: ['contracts'],
  eda: ['contracts', 'core', 'disk'],
  ui: ['contracts'],
  renderer: ['contracts', 'core', 'ui'],
  portal: ['contracts', 'core', 'ui'],
  preload: ['contracts'],
  main: ['contracts', 'core', 'disk', 'eda'],
  // eda through tool-runner only, by a rule of its own
  backend: ['contracts', 'core', 'disk', 'eda'],
};
const names = Object.keys(MAY_IMPORT);
const AREAS = `(?:${names.join('|')})/`;
const areaRules = names.map((area) => {
  const foreign = names.filter((other) => other !== area && !MAY_IMPORT[area].includes(other));
  return only(`area-${area}`, `${area}/`, `(${foreign.join('|')})/`);
});

/**
 * Floors inside an area, from the ground up: a folder imports from floors below its own, never from its neighbours or
 * from above. Files beside the folders (compose.ts, start.ts) stand above all floors.
 */
const FLOORS = {
  main: [
    ['installation', 'workers', 'secrets'],
    ['documents'],
    ['workspace', 'settings', 'cloud', 'language', 'waves', 'terminal'],
    ['project', 'processes'],
    ['patch'],
    ['cbb', 'review'],
    ['checks', 'skills', 'findings'],
    ['schematic', 'job'],
    ['agent-tools'],
    ['agent'],
    ['ipc'],
    ['shells'],
  ],
  backend: [
    ['objects', 'telemetry', 'processes'],
    ['db'],
    ['models', 'ledger', 'accounts', 'tool-runner'],
    ['registry', 'billing'],
    ['flows'],
    ['jobs', 'ai'],
    ['http'],
  ],
};
const floorRules = Object.entries(FLOORS).flatMap(([area, floors]) =>
  floors.slice(0, -1).map((folders, at) => {
    const above = floors.slice(at).flat().join('|');
    return {
      name: `floor-${area}-${at}`,
      severity: 'error',
      from: { path: `${R}${area}/(${folders.join('|')})/`, pathNot: TEST },
      to: { path: `${R}${area}/(${above})/`, pathNot: `${R}${area}/$1/` },
    };
  }),
);

module.exports = {
  forbidden: [
    ...areaRules,
    ...floorRules,
    {
      name: 'contracts-use-zod-only',
      severity: 'error',
      from: { path: `${R}contracts/`, pathNot: TEST },
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'], pathNot: 'node_modules/zod/' },
    },
    {
      name: 'core-does-no-io',
      severity: 'error',
      from: { path: `${R}core/`, pathNot: TEST },
      to: {
        dependencyTypes: ['core'],
        path: '^(node:)?(fs|fs/promises|child_process|net|tls|dgram|http|https|http2|worker_threads|cluster|os|process)$',
      },
    },
    only('backend-reaches-eda-through-tool-runner', 'backend/', 'eda/', {
      from: { pathNot: [TEST, `${R}backend/tool-runner/`] },
    }),
    // the content security policy forbids what zod compiles at run time, and it would double the first download
    only('page-loads-no-schemas', '(renderer|ui|portal)/', 'contracts/(index|ipc/|http/|primitives|job|plan|cbb)', {
      to: { dependencyTypesNot: ['type-only'] },
    }),
    only('portal-never-sees-ipc', 'portal/', 'contracts/ipc/'),
    only('backend-never-sees-ipc', 'backend/', 'contracts/ipc/'),
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
          `${R}disk/kernel-lock\\.ts$`,
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
