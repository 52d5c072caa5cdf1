// breaks: floor-main-9
export { x } from '../shells/target.ts';
