// Verilog's operators on whole numbers, as SystemRDL takes them.

/** Larger results are mistakes, or made to hurt. */
const MAX_BITS = 4096n;

export function evaluateUnary(operator: string, value: bigint): bigint | undefined {
  switch (operator) {
    case '+':
      return value;
    case '-':
      return -value;
    case '!':
      return value === 0n ? 1n : 0n;
    default:
      // reductions and inversion depend on a width that a bare number does not have
      return undefined;
  }
}

export function evaluateBinary(operator: string, a: bigint, b: bigint): bigint | undefined {
  const truth = (holds: boolean): bigint => (holds ? 1n : 0n);
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0n ? undefined : a / b;
    case '%':
      return b === 0n ? undefined : a % b;
    case '**':
      return b < 0n || b > MAX_BITS || (a > 1n && b * BigInt(a.toString(2).length) > MAX_BITS) ? undefined : a ** b;
    case '<<':
      return b < 0n || b > MAX_BITS ? undefined : a << b;
    case '>>':
      return b < 0n || b > MAX_BITS ? undefined : a >> b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '&&':
      return truth(a !== 0n && b !== 0n);
    case '||':
      return truth(a !== 0n || b !== 0n);
    case '==':
      return truth(a === b);
    case '!=':
      return truth(a !== b);
    case '<':
      return truth(a < b);
    case '<=':
      return truth(a <= b);
    case '>':
      return truth(a > b);
    case '>=':
      return truth(a >= b);
    default:
      return undefined;
  }
}
