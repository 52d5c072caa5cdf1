// Why an answer that ended well holds no text; in an error's `details.answer`, for the flows to tell the model.
export type NoText = 'tool_calls' | 'reasoning_only' | 'empty';
