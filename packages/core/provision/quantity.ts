/**
 * Quantities of the Kubernetes API, such as 500m and 256Mi, in the form that an API server gives
 * them: what is wanted is then what is stored, letter for letter.
 *
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */

export interface Quantity {
  /** In thousandths. */
  readonly milli: bigint;
  /** Canonical. */
  readonly text: string;
}

const QUANTITY = /^(\d{1,15})(?:\.(\d{1,3}))?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/;

const DECIMAL: readonly string[] = ['m', '', 'k', 'M', 'G', 'T'];
const BINARY: readonly string[] = ['', 'Ki', 'Mi', 'Gi', 'Ti'];

/** Undefined: it is none, or one with parts smaller than a thousandth. */
export function readQuantity(text: string): Quantity | undefined {
  const [, whole = '', fraction = '', suffix = ''] = QUANTITY.exec(text) ?? [];
  if (whole === '') return undefined;
  const thousandths = BigInt(whole + fraction.padEnd(3, '0'));
  if (suffix.endsWith('i')) return readBinary(thousandths, suffix);
  const milli = (thousandths * 1000n ** BigInt(DECIMAL.indexOf(suffix))) / 1000n;
  if (suffix === 'm' && thousandths % 1000n !== 0n) return undefined;
  return { milli, text: write(milli, 1000n, DECIMAL) };
}

function readBinary(thousandths: bigint, suffix: string): Quantity | undefined {
  const milli = thousandths * 1024n ** BigInt(BINARY.indexOf(suffix));
  if (milli % 1000n !== 0n) return undefined;
  return { milli, text: write(milli / 1000n, 1024n, BINARY) };
}

/** With the largest suffix that leaves no fraction. */
function write(amount: bigint, step: bigint, suffixes: readonly string[]): string {
  let rest = amount;
  let place = 0;
  while (rest !== 0n && rest % step === 0n && place < suffixes.length - 1) {
    rest /= step;
    place += 1;
  }
  return rest === 0n ? '0' : `${rest}${suffixes[place]}`;
}
