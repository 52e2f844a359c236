/** What an API server says when it refuses: the code, the reason, and which request it was. */

export class ApiError extends Error {
  /** HTTP status code, or the `code` of a Status object. */
  readonly code: number;
  /** `NotFound`, `Conflict`, `AlreadyExists`, `Expired`…; empty if the server gave none. */
  readonly reason: string;
  readonly retryAfterMs: number | undefined;
  /** What is wrong with the object that was sent, field by field; empty when that is not it. */
  readonly causes: readonly ErrorCause[];

  constructor(request: string, status: unknown, fallback: Fallback) {
    const { code, reason, message, causes } = readStatus(status);
    const shownCode = code ?? fallback.code;
    super(`${request}: ${shownCode} ${message ?? reason ?? 'no reason given'}`);
    this.name = 'ApiError';
    this.code = shownCode;
    this.reason = reason ?? '';
    this.retryAfterMs = fallback.retryAfterMs;
    this.causes = causes;
  }
}

interface ErrorCause {
  /** As `spec.rules[0].name`. */
  readonly field: string;
  readonly message: string;
}

interface Fallback {
  readonly code: number;
  readonly retryAfterMs?: number | undefined;
}

interface Status {
  readonly code: number | undefined;
  readonly reason: string | undefined;
  readonly message: string | undefined;
  readonly causes: readonly ErrorCause[];
}

function readStatus(status: unknown): Status {
  const { code, reason, message, details } = fieldsOf(status);
  const { causes } = fieldsOf(details);
  return {
    code: typeof code === 'number' ? code : undefined,
    reason: typeof reason === 'string' ? reason : undefined,
    message: typeof message === 'string' ? message : undefined,
    causes: Array.isArray(causes) ? causes.map(fieldsOf).flatMap(readCause) : [],
  };
}

function readCause({ field, message }: Record<string, unknown>): ErrorCause[] {
  if (typeof field !== 'string') return [];
  return [{ field, message: typeof message === 'string' ? message : '' }];
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
