// Opens the person's browser at an address, when there is a display to open it on.
import { spawn } from 'node:child_process';

/** False when there is nothing to open it with; the address is printed in any case. */
export async function openBrowser(url: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const command =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler']
        : ['xdg-open'];
  if (process.platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return false;
  const [program = '', ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
    child.on('error', () => resolve(false));
    child.on('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
