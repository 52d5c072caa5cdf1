// breaks: area-core
export { x } from '../main/target.ts';
