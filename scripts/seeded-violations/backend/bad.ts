// breaks: area-backend
export { x } from '../main/target.ts';
