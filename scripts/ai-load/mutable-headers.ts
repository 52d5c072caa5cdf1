// Loaded before the Portkey gateway: its release appends to the headers of what `fetch` answers, which are immutable in
// the Node that this project runs on. Once a request; the body passes as it is.
const real = globalThis.fetch;
const Answer = globalThis.Response;
globalThis.fetch = async (...request) => {
  const { body, status, statusText, headers } = await real(...request);
  return new Answer(body, { status, statusText, headers: new Headers(headers) });
};
