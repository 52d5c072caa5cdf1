// breaks: steps-are-strangers
export { x } from './b.ts';
