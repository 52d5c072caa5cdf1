// The import rules, on the tree and on seeded violations: each rule must fail where its violation was planted.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const AREAS = ['contracts', 'core', 'disk', 'eda', 'main', 'preload', 'renderer', 'ui', 'backend'];
const SEEDED = 'scripts/seeded-violations';
/** A tree this small has at least so many modules; fewer mean that the tool read nothing. */
const MIN_MODULES = 50;

interface Config {
  forbidden: { name: string }[];
  options: ICruiseOptions & { enhancedResolveOptions: object };
}
const config = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as Config;
const { enhancedResolveOptions, ...options } = config.options;

async function run(roots: string[]): Promise<ICruiseResult> {
  const result = await cruise(
    roots,
    { ...options, ruleSet: { forbidden: config.forbidden }, validate: true } as ICruiseOptions,
    enhancedResolveOptions,
    {
      tsConfig: extractTSConfig('tsconfig.json'),
    },
  );
  return result.output as ICruiseResult;
}

const problems: string[] = [];

const tree = await run(AREAS);
if (tree.summary.totalCruised < MIN_MODULES) problems.push(`only ${tree.summary.totalCruised} modules were read`);
for (const violation of tree.summary.violations)
  problems.push(`${violation.rule.name}: ${violation.from} → ${violation.to}`);

const seeded = await run([SEEDED]);
const found = new Set(seeded.summary.violations.map((violation) => `${violation.rule.name} ${violation.from}`));
const planted = readdirSync(SEEDED, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => {
    const rule = /^\/\/ breaks: (\S+)/.exec(readFileSync(path.join(SEEDED, file), 'utf8'))?.[1];
    return rule ? [{ rule, file: `${SEEDED}/${file}` }] : [];
  });
for (const { rule, file } of planted) {
  if (
    rule === 'no-cycles' ? ![...found].some((entry) => entry.startsWith('no-cycles ')) : !found.has(`${rule} ${file}`)
  )
    problems.push(`${rule} does not see its violation in ${file}`);
}
for (const rule of config.forbidden)
  if (!planted.some((violation) => violation.rule === rule.name)) problems.push(`${rule.name} has no seeded violation`);

for (const problem of problems) console.error(problem);
console.log(
  `${tree.summary.totalCruised} modules, ${config.forbidden.length} rules, ${planted.length} seeded violations, ${problems.length} problems`,
);
process.exit(problems.length > 0 ? 1 : 0);
