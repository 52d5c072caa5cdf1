// `genrtl-backend rotate-registry-key [--distrust]`: from the next start of its processes on the registry signs with a
// new key.
import { homeFromEnvironment, openHome } from '../processes/home.ts';
import { rotateKey } from './key-ring.ts';

export async function rotateRegistryKey(
  env: NodeJS.ProcessEnv,
  options: { readonly distrust: boolean },
  out: { write(text: string): unknown },
): Promise<0> {
  const { secrets } = await openHome(homeFromEnvironment(env));
  const { old, current } = await rotateKey(secrets, options);
  out.write(
    `the registry's key is now ${current}; before: ${old}${options.distrust ? ', which counts no more' : ''}\n` +
      'restart the processes one after the other\n',
  );
  return 0;
}
