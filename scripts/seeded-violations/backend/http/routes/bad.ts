// breaks: routes-are-strangers
export { x } from './b.ts';
