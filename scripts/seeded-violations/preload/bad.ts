// breaks: area-preload
export { x } from '../core/x/target.ts';
