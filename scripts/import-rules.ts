// Who may import whom. scripts/check-imports.ts holds the tree to it, and plants a violation for every rule.

/**
 * One import. `to` is a path in the repository, `npm:<package>` or `node:<module>`; type imports vanish at run time.
 */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
  readonly resolved: boolean;
}

export interface ImportRule {
  readonly name: string;
  readonly breaks: (edge: Edge) => boolean;
}

const TEST = /\.test\.tsx?$/;

/** What each area may import besides itself and packages. `portal` and `renderer` are two houses on one kit. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
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
export const AREAS = Object.keys(MAY_IMPORT);

/**
 * Floors inside an area, from the ground up: a folder imports from floors below its own, never from its neighbours or
 * from above. Files beside the folders (compose.ts, start.ts) stand above all floors.
 */
const FLOORS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  main: [
    ['installation', 'workers', 'secrets', 'models'],
    ['documents'],
    ['workspace', 'settings', 'cloud', 'language', 'waves', 'terminal'],
    ['project', 'processes'],
    ['patch', 'account'],
    ['cbb', 'review', 'git'],
    ['checks', 'skills', 'findings', 'ai'],
    ['schematic', 'job'],
    ['agent-tools'],
    ['agent'],
    ['ipc'],
    ['shells'],
  ],
  backend: [
    ['objects', 'telemetry', 'processes', 'network'],
    ['db'],
    ['models', 'ledger', 'accounts', 'tool-runner'],
    ['registry', 'billing', 'privacy', 'operators'],
    ['flows'],
    ['steps'],
    ['jobs', 'ai'],
    ['http'],
  ],
};

const below = (folder: string) => (path: string) => path.startsWith(`${folder}/`);
const inAny = (...folders: string[]) => {
  const tests = folders.map(below);
  return (path: string) => tests.some((test) => test(path));
};
const isPackage = (name: string) => (to: string) => to === `npm:${name}`;

/** Rules for code as it ships: tests may reach further. */
const shipped = (name: string, breaks: (edge: Edge) => boolean): ImportRule => ({
  name,
  breaks: (edge) => !TEST.test(edge.from) && breaks(edge),
});

const areaRules = AREAS.map((area) => {
  const here = below(area);
  const foreign = inAny(...AREAS.filter((other) => other !== area && !MAY_IMPORT[area]?.includes(other)));
  return shipped(`area-${area}`, ({ from, to }) => here(from) && foreign(to));
});

const floorRules = Object.entries(FLOORS).flatMap(([area, floors]) =>
  floors.slice(0, -1).map((folders, at) => {
    const floor = folders.map((folder) => `${area}/${folder}`);
    const above = floors.slice(at).flatMap((names) => names.map((name) => `${area}/${name}`));
    return shipped(`floor-${area}-${at}`, ({ from, to }) => {
      const own = floor.find((folder) => below(folder)(from));
      return own !== undefined && above.some((folder) => folder !== own && below(folder)(to));
    });
  }),
);

/** A new folder of these areas says at once on which floor it stands. */
const floorless = shipped('every-folder-has-its-floor', ({ from }) => {
  const [area = '', folder = '', ...rest] = from.split('/');
  return rest.length > 0 && folder !== 'test' && FLOORS[area] !== undefined && !FLOORS[area].flat().includes(folder);
});

/** Entries of one folder (adapters, steps, routes) never import one another; `index.ts` lists them. */
const strangers = (name: string, folder: string) => {
  const entry = (path: string) => (below(folder)(path) ? path.slice(folder.length + 1).split('/')[0] : undefined);
  return shipped(name, ({ from, to }) => {
    const own = entry(from);
    const other = entry(to);
    return own !== undefined && own !== 'index.ts' && other !== undefined && other !== own;
  });
};

const IO = /^node:(fs|fs\/promises|child_process|net|tls|dgram|https?|http2|worker_threads|cluster|os|process)$/;
const MAY_SPAWN =
  /^(eda\/runner|main\/(terminal|skills\/launchers|processes)|backend\/(processes|tool-runner|test)|disk\/kernel-lock\.ts$)/;
/** `http/routes.ts` holds paths only. */
const SCHEMAS = /^contracts\/(index|ipc\/|http\/(?!routes\.ts$)|primitives|job|plan|cbb)/;
const anyArea = inAny(...AREAS);

export const IMPORT_RULES: readonly ImportRule[] = [
  ...areaRules,
  ...floorRules,
  floorless,
  shipped(
    'contracts-use-zod-only',
    ({ from, to }) => below('contracts')(from) && /^(npm|node):/.test(to) && to !== 'npm:zod',
  ),
  shipped('core-does-no-io', ({ from, to }) => below('core')(from) && IO.test(to)),
  shipped(
    'backend-reaches-eda-through-tool-runner',
    ({ from, to }) => below('backend')(from) && !below('backend/tool-runner')(from) && below('eda')(to),
  ),
  // the content security policy forbids what zod compiles at run time, and it would double the first download
  shipped(
    'page-loads-no-schemas',
    ({ from, to, typeOnly }) => inAny('renderer', 'ui', 'portal')(from) && !typeOnly && SCHEMAS.test(to),
  ),
  shipped('portal-never-sees-ipc', ({ from, to }) => below('portal')(from) && below('contracts/ipc')(to)),
  shipped('backend-never-sees-ipc', ({ from, to }) => below('backend')(from) && below('contracts/ipc')(to)),
  shipped('ledger-never-imports-http', ({ from, to }) => below('backend/ledger')(from) && below('backend/http')(to)),
  {
    name: 'electron-in-its-shell-only',
    breaks: ({ from, to, typeOnly }) =>
      anyArea(from) &&
      !inAny('main/shells/electron', 'preload')(from) &&
      !typeOnly &&
      (isPackage('electron')(to) || isPackage('electron-store')(to)),
  },
  shipped(
    'child-process-in-listed-places',
    ({ from, to }) => anyArea(from) && !MAY_SPAWN.test(from) && to === 'node:child_process',
  ),
  shipped(
    'sql-in-repositories-only',
    ({ from, to, typeOnly }) =>
      below('backend')(from) &&
      !inAny('backend/db', 'backend/processes')(from) &&
      !from.endsWith('repository.ts') &&
      !typeOnly &&
      isPackage('pg')(to),
  ),
  strangers('adapters-are-strangers', 'eda/adapters'),
  strangers('steps-are-strangers', 'main/job/steps'),
  strangers('routes-are-strangers', 'backend/http/routes'),
  { name: 'everything-resolves', breaks: ({ resolved }) => !resolved },
];
