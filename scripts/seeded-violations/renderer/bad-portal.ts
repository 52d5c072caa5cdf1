// breaks: area-renderer
export { x } from '../portal/target.ts';
