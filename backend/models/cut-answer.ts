// An answer that reached its limit of output tokens, with what there is of it. Its text stays out of the error's body:
// it lies with the attempt, as answers do.
import { GenrtlError } from '@genrtl/contracts';

export class CutAnswer extends GenrtlError {
  readonly text: string;

  constructor(error: GenrtlError, text: string) {
    super(error.code, error.message, { hint: error.hint, details: error.details, cause: error.cause });
    this.text = text;
  }
}

export const isOutputLimit = (error: unknown): error is GenrtlError =>
  error instanceof GenrtlError && error.code === 'MODEL_TRUNCATED' && error.details?.['output_limit'] === true;
