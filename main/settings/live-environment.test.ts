import { describe, expect, it } from 'vitest';
import { defaultSettings, type UserSettings } from '@genrtl/contracts';
import { LiveEnvironment, needsNewBackend } from './live-environment.ts';

const settings = (change: Partial<UserSettings>): UserSettings => ({ ...defaultSettings('en'), ...change });

describe('the environment that follows the settings', () => {
  it('puts tool folders before PATH and ignores relative ones', () => {
    const live = new LiveEnvironment({ PATH: '/usr/bin' });
    live.follow(settings({ tool_folders: ['/opt/verilator/bin', 'bin'] }));
    expect(live.env['PATH']).toBe('/opt/verilator/bin:/usr/bin');
    live.follow(settings({}));
    expect(live.env['PATH']).toBe('/usr/bin');
  });
  it('lets the environment win and takes settings back', () => {
    const live = new LiveEnvironment({ OPENAI_BASE_URL: 'http://site/v1' });
    live.follow(
      settings({
        openai_base_url: 'http://mine/v1',
        proxy: 'http://proxy:3128',
        model_prices: { qwen: { input: '0', output: '0' } },
      }),
    );
    expect(live.env).toMatchObject({
      OPENAI_BASE_URL: 'http://site/v1',
      HTTPS_PROXY: 'http://proxy:3128',
      NO_PROXY: 'localhost,127.0.0.1,::1',
      GENRTL_MODEL_PRICES: '{"qwen":{"input":"0","output":"0"}}',
    });
    live.follow(settings({}));
    expect(live.env['HTTPS_PROXY']).toBeUndefined();
    expect(live.env['GENRTL_MODEL_PRICES']).toBeUndefined();
  });
  it('knows what the backend has to be started anew for', () => {
    expect([needsNewBackend({ proxy: null }), needsNewBackend({ theme: 'light' })]).toEqual([true, false]);
  });
});
