// breaks: area-renderer
export { x } from '../main/target.ts';
