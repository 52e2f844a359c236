/**
 * Responses that the proxy itself gives: failures, redirects, CORS preflights.
 */
import { type LocalResponse, octetsOf } from '@sluice/wire';
import { type Failure, failures } from './failure.ts';

export interface LocalReply extends LocalResponse {
  /** Why, for the log; undefined: it is what the route asks for. */
  readonly failure: Failure | undefined;
}

export const noBody = new Uint8Array(0);
const plainText = [{ name: 'Content-Type', value: 'text/plain; charset=utf-8' }];
const replies = new Map<string, LocalReply>();

/** The reply to a failure; the same object every time. */
export function failureReply(failure: Failure): LocalReply {
  const { statusCode, text } = failures[failure];
  return textReply(statusCode, text, failure);
}

/** `text` comes from a closed set: replies are kept. */
export function textReply(statusCode: number, text: string, failure: Failure): LocalReply {
  const key = `${statusCode} ${text}`;
  let reply = replies.get(key);
  if (reply === undefined) {
    reply = { statusCode, fields: plainText, body: octetsOf(`${text}\n`), failure };
    replies.set(key, reply);
  }
  return reply;
}
