/** What an API server says when it refuses: the code, the reason, and which request it was. */

export class ApiError extends Error {
  /** HTTP status code, or the `code` of a Status object. */
  readonly code: number;
  /** `NotFound`, `Conflict`, `AlreadyExists`, `Expired`…; empty if the server gave none. */
  readonly reason: string;
  readonly retryAfterMs: number | undefined;

  constructor(request: string, status: unknown, fallback: Fallback) {
    const { code, reason, message } = readStatus(status);
    const shownCode = code ?? fallback.code;
    super(`${request}: ${shownCode} ${message ?? reason ?? 'no reason given'}`);
    this.name = 'ApiError';
    this.code = shownCode;
    this.reason = reason ?? '';
    this.retryAfterMs = fallback.retryAfterMs;
  }
}

interface Fallback {
  readonly code: number;
  readonly retryAfterMs?: number | undefined;
}

interface Status {
  readonly code: number | undefined;
  readonly reason: string | undefined;
  readonly message: string | undefined;
}

function readStatus(status: unknown): Status {
  const fields: Record<string, unknown> =
    typeof status === 'object' && status !== null ? { ...status } : {};
  const { code, reason, message } = fields;
  return {
    code: typeof code === 'number' ? code : undefined,
    reason: typeof reason === 'string' ? reason : undefined,
    message: typeof message === 'string' ? message : undefined,
  };
}
