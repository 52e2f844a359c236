/** What a reader made of a stream of octets, in a form that readers can be compared by. */

export interface MessageRecord {
  /** Method of a request, status of a response. */
  start: string;
  /** Of a request; normalised where the reader does that. */
  target: string;
  /** `name: value` of each field of the head. */
  fields: string[];
  body: string;
  trailers: string[];
  /** The head alone was read so far. */
  isComplete: boolean;
  keepAlive: boolean;
  /** What follows is no HTTP/1 any more, or may not be. */
  upgrades: boolean;
}

export interface Transcript {
  messages: MessageRecord[];
  /** Why the reader refused to go on; empty: it did not. */
  error: string;
  /** Octets read before the end or the error. */
  consumed: number;
}

export type StreamKind = 'requests' | 'responses';
