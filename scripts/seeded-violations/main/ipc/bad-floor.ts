// breaks: floor-main-10
export { x } from '../shells/target.ts';
