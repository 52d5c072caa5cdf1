// breaks: area-eda
export { x } from '../main/target.ts';
