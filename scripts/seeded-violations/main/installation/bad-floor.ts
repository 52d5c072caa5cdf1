// breaks: floor-main-0
export { x } from '../shells/target.ts';
