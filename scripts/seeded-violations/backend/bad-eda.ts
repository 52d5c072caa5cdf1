// breaks: backend-reaches-eda-through-tool-runner
export { x } from '../eda/adapters/b/index.ts';
