// Shares of flow versions and templates: the same for the same account, about as large as they are said to be.
import { describe, expect, it } from 'vitest';
import { catalogOf } from '../flows/catalog.ts';
import { flowId } from '../flows/flow.ts';
import { FLOWS } from '../flows/index.ts';
import { AiConfig } from './config.ts';
import { unknownVariants, variantOf } from './variants.ts';

const [first] = FLOWS.intents.summarize;
const second = { ...first, version: 2, templates: [...first.templates, { id: 'summarize@v9', text: 'x' }] as const };
const flows = catalogOf([...FLOWS.list, second]);
const config = (shares: object): AiConfig => AiConfig.parse({ version: 1, shares: { summarize: shares } });
const ask = (given: AiConfig, accountId: string, more: object = {}) =>
  variantOf(flows, given, { accountId, intent: 'summarize', flow: null, ...more });

describe('shares', () => {
  const given = config({ flows: { 'summarize@1': 80, 'summarize@2': 20 }, templates: { 'summarize@v9': 1 } });

  it('are sticky by account and about as large as said; without any the first answers', () => {
    const accounts = Array.from({ length: 2_000 }, (_, nth) => `user_${String(nth)}`);
    const versions = accounts.map((account) => flowId(ask(given, account).flow));
    expect(accounts.map((account) => flowId(ask(given, account).flow))).toEqual(versions);
    const part = versions.filter((id) => id === 'summarize@2').length / versions.length;
    expect(part).toBeGreaterThan(0.16);
    expect(part).toBeLessThan(0.24);
    expect(accounts.every((account) => flowId(ask(config({}), account).flow) === 'summarize@1')).toBe(true);
  });

  it('give way to what the request names, and to what the run was begun with', () => {
    expect(flowId(ask(given, 'a', { flow: 'summarize@2' }).flow)).toBe('summarize@2');
    expect(ask(given, 'a', { flow: 'summarize@2' }).template.id).toBe('summarize@v9');
    const recorded = { flow: 'summarize@2', template: 'summarize@v1' };
    expect(ask(given, 'a', { flow: 'summarize@1', recorded })).toMatchObject({
      flow: { version: 2 },
      template: { id: 'summarize@v1' },
    });
  });

  it('of what does not exist are told', () => {
    expect(unknownVariants(flows, config({ flows: { 'summarize@7': 1 }, templates: { 'summarize@v9': 1 } }))).toEqual([
      'summarize@7',
    ]);
    expect(AiConfig.safeParse({ version: 1, shares: { summarize: { flows: { x: -1 } } } }).success).toBe(false);
  });
});
