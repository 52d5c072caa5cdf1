// cbb_search: packages of the registry. Nothing is bought or installed from here.
import { z } from 'zod';
import { defineTool } from '../define-tool.ts';

export const cbbSearch = defineTool({
  name: 'cbb_search',
  title: 'Search IP packages',
  readOnly: true,
  description:
    'Known, verified IP blocks (CBBs) by words in any language, with price, parameters, ports and measured verification. Evidence names the published archive by its sha256.',
  input: z.strictObject({ query: z.string().max(400).default(''), limit: z.number().int().min(1).max(50).default(10) }),
  output: {
    total: z.number().int(),
    packages: z.array(
      z.object({
        cbb_id: z.string(),
        version: z.string(),
        title: z.string(),
        function: z.string(),
        price_usd: z.string(),
        parameters: z.array(z.object({ name: z.string(), default: z.string(), description: z.string() })),
        ports: z.array(z.string()),
        mutants: z.string(),
        tools: z.array(z.string()),
      }),
    ),
  },
  work: async (args, { context }) => {
    const listings = await (await context.backend()).searchCbbs(args.query);
    const shown = listings.slice(0, args.limit);
    return {
      data: {
        total: listings.length,
        packages: shown.map(({ manifest }) => ({
          cbb_id: manifest.cbb_id,
          version: manifest.version,
          title: manifest.title,
          function: manifest.function,
          price_usd: manifest.price_usd,
          parameters: manifest.parameters.map(({ name, default: value, description }) => ({
            name,
            default: value,
            description,
          })),
          ports: manifest.ports.map((port) => `${port.direction} ${port.name} [${port.width}]`),
          mutants: `${manifest.verification.mutants.killed} of ${manifest.verification.mutants.total} killed`,
          tools: manifest.verification.tools.map((tool) => `${tool.name} ${tool.version}`),
        })),
      },
      evidence: shown.map(({ manifest, sha256 }) => `registry:${manifest.cbb_id}@${manifest.version}#sha256=${sha256}`),
    };
  },
});
