// Divides one document and ends.
import { parentPort, workerData } from 'node:worker_threads';
import { split, type SplitOrder } from './split-text.ts';

parentPort?.postMessage(split(workerData as SplitOrder));
