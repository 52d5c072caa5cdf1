// breaks: area-portal
export { x } from '../renderer/target.ts';
