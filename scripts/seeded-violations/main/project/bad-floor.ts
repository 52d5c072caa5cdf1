// breaks: floor-main-3
export { x } from '../shells/target.ts';
