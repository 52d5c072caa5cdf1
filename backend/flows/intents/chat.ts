// chat: gives a conversation.
import { BASE } from './intent-prompt.ts';
import { oneAnswer } from './one-answer.ts';

const template = {
  id: 'chat@v1',
  text: `${BASE}

You talk with the engineer about the open workspace. Answer the last message. Cite places as \`path:line\` where
the material has numbered lines. Give code in fenced blocks; give changes of existing files as unified diffs in
blocks marked \`diff\`, with paths relative to the workspace. Use Markdown.`,
};

export const chat = oneAnswer({ intent: 'chat', version: 1, template, cached: false });
