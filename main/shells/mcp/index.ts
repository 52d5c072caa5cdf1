// `genrtl mcp`: tools and skills for agents over stdio or streamable HTTP, until the client leaves or the signal comes.
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { openContext, type AgentToolContext } from '../../agent-tools/context.ts';
import { startMcpHttp } from './http-host.ts';
import { createMcpServer } from './server.ts';
import { mcpToken } from './token.ts';

export interface McpOptions {
  readonly env: NodeJS.ProcessEnv;
  /** skills, run directories and all paths of agents are taken from here */
  readonly cwd: string;
  readonly http: boolean;
  /** for HTTP; 0 picks a free one */
  readonly port: number;
  readonly signal: AbortSignal;
  /** tells the person something; never stdout, which belongs to the protocol */
  say(text: string): void;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function serveStdio(context: AgentToolContext, signal: AbortSignal): Promise<void> {
  const server = createMcpServer(context);
  const left = new Promise<void>((resolve) => {
    // the SDK does not look for the end of its input
    process.stdin.once('end', resolve);
    process.stdin.once('close', resolve);
    server.server.onclose = resolve;
  });
  await server.connect(new StdioServerTransport());
  await Promise.race([left, aborted(signal)]);
  await server.close();
  process.stdin.destroy();
}

async function serveHttp(context: AgentToolContext, options: McpOptions): Promise<void> {
  const { token, file } = await mcpToken(options.env);
  const host = await startMcpHttp({
    context,
    port: options.port,
    token,
    onUnexpected: (error) => options.say(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  });
  try {
    options.say(
      `MCP endpoint: ${host.url}\nHeader: Authorization: Bearer <token>, the token ${file === null ? 'is that of GENRTL_MCP_TOKEN' : `stands in ${file}`}`,
    );
    await aborted(options.signal);
  } finally {
    await host.close();
  }
}

/** Throws USAGE when the port is taken or the token too short. Jobs that still run when it ends are cancelled. */
export async function serveMcp(options: McpOptions): Promise<void> {
  const context = openContext(options);
  try {
    await (options.http ? serveHttp(context, options) : serveStdio(context, options.signal));
  } finally {
    await context.close();
  }
}
