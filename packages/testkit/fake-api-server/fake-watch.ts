/** One watch on the fake API server: what it has to tell, and a sink that may be slow or gone. */
import type { Change } from './object-table.ts';
import type { Selector } from './selectors.ts';
import type { StoredObject } from './stored-object.ts';

/** Where an answer's body goes. */
export interface BodySink {
  write(text: string): void;
  end(): void;
  /** Ends the connection without a word. */
  reset(): void;
}

export interface WatchScope {
  readonly kind: Change['kind'];
  readonly namespace: string | undefined;
  readonly selector: Selector;
}

export class FakeWatch {
  readonly #scope: WatchScope;
  readonly #sink: BodySink;
  #isMute = false;
  #last = '';

  constructor(scope: WatchScope, sink: BodySink) {
    this.#scope = scope;
    this.#sink = sink;
  }

  /** An object that comes to match was added, one that no longer does was deleted. */
  tell({ kind, before, after, version }: Change): void {
    if (kind !== this.#scope.kind) return;
    const was = before !== undefined && this.#selects(before);
    const is = after !== undefined && this.#selects(after);
    if (is) this.#event(was ? 'MODIFIED' : 'ADDED', after);
    else if (was) {
      const metadata = { ...before.metadata, resourceVersion: String(version) };
      this.#event('DELETED', { ...before, metadata });
    }
  }

  begin(objects: readonly StoredObject[]): void {
    for (const object of objects) if (this.#selects(object)) this.#event('ADDED', object);
  }

  bookmark(version: number): void {
    const { kind, group, version: served } = this.#scope.kind;
    const apiVersion = group === '' ? served : `${group}/${served}`;
    const object = { apiVersion, kind, metadata: { resourceVersion: String(version) } };
    this.writeRaw(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
  }

  repeat(): void {
    if (this.#last !== '') this.writeRaw(this.#last);
  }

  /** Whatever it is, a line or a part of one. */
  writeRaw(octets: string): void {
    if (!this.#isMute) this.#sink.write(octets);
  }

  /** The connection stays, and nothing comes any more. */
  mute(): void {
    this.#isMute = true;
  }

  stop(how: 'end' | 'reset'): void {
    if (how === 'reset') this.#sink.reset();
    else if (!this.#isMute) this.#sink.end();
  }

  #selects(object: StoredObject): boolean {
    const { namespace, selector } = this.#scope;
    return (namespace === undefined || object.metadata.namespace === namespace) && selector(object);
  }

  #event(type: string, object: StoredObject): void {
    this.#last = `${JSON.stringify({ type, object })}\n`;
    this.writeRaw(this.#last);
  }
}
