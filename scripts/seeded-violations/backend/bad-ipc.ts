// breaks: backend-never-sees-ipc
export { x } from '../contracts/ipc/target.ts';
