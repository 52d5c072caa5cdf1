// What a tool for agents is: checked arguments in, bounded data with evidence paths out, failures as codes with hints.
import { z } from 'zod';
import { GenrtlError, type ErrorBody } from '@genrtl/contracts';
import { bounded } from './bounds.ts';
import type { AgentToolContext } from './context.ts';

/** One call of an agent. */
export interface AgentCall {
  readonly context: AgentToolContext;
  /** aborted when the client takes the request back or goes away */
  readonly signal: AbortSignal;
  /** aborted when the client takes the request back while it stays connected: what the call started is not wanted */
  readonly takenBack: AbortSignal;
  /** tells a client that asked for it how far the call is; counts upwards */
  progress(done: number, message: string): void;
  /** tells the client at once, also when the call's answer will not reach it any more */
  tell(data: Readonly<Record<string, unknown>>): void;
}

export interface AgentAnswer<T> {
  readonly data: T;
  /** files that show it: as `evidence_read` takes them, relative to the server's folder where they lie below it */
  readonly evidence: readonly string[];
}

export interface AgentTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  /** changes nothing on the disk */
  readonly readOnly: boolean;
  /** `args` have been checked against `input` */
  call(args: unknown, call: AgentCall): Promise<AgentAnswer<unknown>>;
}

const Envelope = { evidence: z.array(z.string()), omitted: z.array(z.string()) };

/**
 * The types of arguments and answer follow from the schemas; the answer also carries `evidence` and what was `omitted`
 * for size.
 */
export function defineTool<I extends z.ZodObject, O extends z.ZodRawShape>(spec: {
  name: string;
  title: string;
  description: string;
  input: I;
  output: O;
  readOnly: boolean;
  work(args: z.output<I>, call: AgentCall): Promise<AgentAnswer<z.output<z.ZodObject<O>>>>;
}): AgentTool {
  return {
    name: spec.name,
    title: spec.title,
    description: spec.description,
    readOnly: spec.readOnly,
    input: spec.input,
    output: z.object({ ...spec.output, ...Envelope }),
    call: (args, call) => spec.work(spec.input.parse(args), call),
  };
}

/** The MCP result of a call: `structuredContent`, and the same as text for clients that read text only. */
export type ToolResult = {
  content: { type: 'text'; text: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
};

function failure(error: unknown): ToolResult {
  const body: ErrorBody = bounded(GenrtlError.of(error).toBody()).value;
  return { isError: true, content: [{ type: 'text', text: JSON.stringify({ error: body }) }] };
}

/** Never throws: an expected failure is a result that the agent can read and act on. */
export async function answer(tool: AgentTool, args: unknown, call: AgentCall): Promise<ToolResult> {
  try {
    const { data, evidence } = await tool.call(args, call);
    const { value, omitted } = bounded({ ...(data as Record<string, unknown>), evidence: [...new Set(evidence)] });
    const structured = { ...value, omitted };
    return { structuredContent: structured, content: [{ type: 'text', text: JSON.stringify(structured) }] };
  } catch (error) {
    return failure(error);
  }
}
