// One call of the page: its request and its response.
import { z } from 'zod';

/** An empty request or response. */
export const None = z.object({});
export const call = <Req extends z.ZodType, Res extends z.ZodType>(request: Req, response: Res) => ({
  request,
  response,
});
