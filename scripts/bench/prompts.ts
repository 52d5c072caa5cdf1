// What plan, implement and repair of one job share from the start of their prompts, which is what a provider's cache
// reads instead of the model.
import { sharedPrefix } from '../../test/fakes/models/shared-prefix.ts';
import type { Measurement } from './table.ts';

export async function benchPrompts(): Promise<Measurement[]> {
  const { pairs } = await sharedPrefix();
  return pairs.map(({ pair, share }) => ({
    name: `Prompt shared from its start on a 20 kB specification: ${pair}`,
    value: share * 100,
    unit: '% of the smaller one',
    goal: { min: 80 },
  }));
}
