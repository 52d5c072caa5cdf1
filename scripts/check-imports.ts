// The import rules, on the tree and on seeded violations: each rule must fail where its violation was planted.
// The bundler's own parser reads the imports: a second is enough for the whole tree.
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'rolldown/utils';
import { AREAS, type Edge, IMPORT_RULES } from './import-rules.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const SEEDED = 'scripts/seeded-violations';
/** The tree has at least so many modules; fewer mean that nothing was read. */
const MIN_MODULES = 500;
const NO_CYCLES = 'no-cycles';
/** Served by the bundler or the packaged app, types without a package, or (electron) a binary fetched elsewhere. */
const UNRESOLVED = /^(virtual:|electron$|vite\/client$|sarif$)/;

interface Violation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

/** What a module imports or passes on, in every form: static, dynamic, `require`, and `import('x').Type`. */
function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  const { module, comments, errors } = parseSync(file, text);
  if (errors[0]) throw new Error(`${file}: ${errors[0].message}`);
  const found: Import[] = module.staticImports.map(({ start, moduleRequest }) => ({
    specifier: moduleRequest.value,
    typeOnly: /^import\s+type\s+(?!from\b)/.test(text.slice(start, start + 40)),
  }));
  for (const { start, entries } of module.staticExports)
    for (const { moduleRequest } of entries)
      if (moduleRequest)
        found.push({
          specifier: moduleRequest.value,
          typeOnly: /^export\s+type\b/.test(text.slice(start, start + 20)),
        });
  const dynamic = new Set(module.dynamicImports.map(({ moduleRequest }) => moduleRequest.start));
  for (const call of text.matchAll(/\b(import|require)\(\s*(?=(['"])([^'"\n]+)\2)/g)) {
    const at = call.index + call[0].length;
    if (comments.some(({ start, end }) => start <= at && at < end)) continue;
    const runs = call[1] === 'require' || dynamic.has(at);
    found.push({ specifier: call[3] ?? '', typeOnly: !runs });
  }
  return found;
}

const resolvedPackages = new Map<string, { to: string; resolved: boolean }>();
function resolvePackage(specifier: string): { to: string; resolved: boolean } {
  const known = resolvedPackages.get(specifier);
  if (known) return known;
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  let answer = { to: `npm:${name}`, resolved: true };
  try {
    const url = new URL(import.meta.resolve(specifier));
    const file = path.relative(ROOT, url.pathname);
    if (url.protocol === 'node:') answer = { to: url.href, resolved: true };
    else if (!file.startsWith('..') && !file.includes('node_modules/')) answer = { to: file, resolved: true };
  } catch {
    const installed = [name, `@types/${name}`].some((folder) => existsSync(path.join(ROOT, 'node_modules', folder)));
    answer.resolved = installed && !name.startsWith('@genrtl/');
  }
  resolvedPackages.set(specifier, answer);
  return answer;
}

function resolveImport(from: string, specifier: string): { to: string; resolved: boolean } {
  const plain = specifier.replace(/\?.*$/, '');
  if (UNRESOLVED.test(plain)) return { to: `npm:${plain}`, resolved: true };
  if (!plain.startsWith('.')) return resolvePackage(plain);
  const to = path.join(path.dirname(from), plain);
  return { to, resolved: existsSync(path.join(ROOT, to)) };
}

/** Every import below the folders; a seeded tree's paths are told as if it stood at the root. */
function edgesOf(folders: string[], base = ''): { modules: number; edges: Edge[] } {
  const files = folders.flatMap((folder) => globSync(`${base}${folder}/**/*.{ts,tsx}`, { cwd: ROOT }));
  const modules = files.filter((file) => !/(^|\/)(node_modules|fixtures|dist)\//.test(file));
  const plain = (file: string) => (file.startsWith(base) ? file.slice(base.length) : file);
  const edges = modules.flatMap((file) =>
    importsOf(file).map(({ specifier, typeOnly }) => {
      const { to, resolved } = resolveImport(file, specifier);
      return { from: plain(file), to: plain(to), typeOnly, resolved };
    }),
  );
  return { modules: modules.length, edges };
}

/** Rings of imports that run (Tarjan's strongly connected components); each module of a ring is told once. */
function cyclesOf(edges: readonly Edge[]): Violation[] {
  const next = new Map<string, string[]>();
  for (const { from, to, typeOnly } of edges) {
    if (typeOnly || /^(npm|node):/.test(to)) continue;
    next.set(from, [...(next.get(from) ?? []), to]);
  }
  const index = new Map<string, number>();
  const open: string[] = [];
  const rings: string[][] = [];
  const visit = (module: string): number => {
    const at = index.size;
    index.set(module, at);
    let lowest = at;
    open.push(module);
    for (const target of next.get(module) ?? []) {
      if (!index.has(target)) lowest = Math.min(lowest, visit(target));
      else if (open.includes(target)) lowest = Math.min(lowest, index.get(target) ?? lowest);
    }
    if (lowest === at) {
      const ring = open.splice(open.indexOf(module));
      if (ring.length > 1 || next.get(module)?.includes(module)) rings.push(ring);
    }
    return lowest;
  };
  for (const module of next.keys()) if (!index.has(module)) visit(module);
  return rings.flatMap((ring) =>
    ring.map((from) => ({ rule: NO_CYCLES, from, to: next.get(from)?.find((to) => ring.includes(to)) ?? from })),
  );
}

function violationsOf(edges: readonly Edge[]): Violation[] {
  return [
    ...edges.flatMap((edge) =>
      IMPORT_RULES.filter((rule) => rule.breaks(edge)).map(({ name }) => ({
        rule: name,
        from: edge.from,
        to: edge.to,
      })),
    ),
    ...cyclesOf(edges),
  ];
}

const problems: string[] = [];

const tree = edgesOf([...AREAS, 'test']);
if (tree.modules < MIN_MODULES) problems.push(`only ${tree.modules} modules were read`);
for (const { rule, from, to } of violationsOf(tree.edges)) problems.push(`${rule}: ${from} → ${to}`);

const seeded = violationsOf(edgesOf(AREAS, `${SEEDED}/`).edges);
const planted = readdirSync(path.join(ROOT, SEEDED), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => {
    const rule = /^\/\/ breaks: (\S+)/.exec(readFileSync(path.join(ROOT, SEEDED, file), 'utf8'))?.[1];
    return rule ? [{ rule, from: file }] : [];
  });
for (const { rule, from } of planted)
  if (!seeded.some((violation) => violation.rule === rule && violation.from === from))
    problems.push(`${rule} does not see its violation in ${SEEDED}/${from}`);
const names = [...IMPORT_RULES.map(({ name }) => name), NO_CYCLES];
for (const name of names)
  if (!planted.some(({ rule }) => rule === name)) problems.push(`${name} has no seeded violation`);

for (const problem of problems) console.error(problem);
console.log(
  `${tree.modules} modules, ${tree.edges.length} imports, ${names.length} rules, ` +
    `${planted.length} seeded violations, ${problems.length} problems`,
);
process.exit(problems.length > 0 ? 1 : 0);
