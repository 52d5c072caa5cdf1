// breaks: area-ui
export { x } from '../core/x/target.ts';
