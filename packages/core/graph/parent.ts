/**
 * What a route needs to know of a parent in order to attach to it, and nothing else.
 *
 * Plain data, shared by content: writing a Gateway's status replaces the Gateway, but as long as
 * these facts are the same no route has to be looked at again.
 */
import type { ObjectRef } from '@sluice/sansio';
import { CONDITION } from '../reasons.ts';
import { holds, isServing, type ListenerNode } from './listener.ts';
import type { LabelSelector } from './selector.ts';

export interface ParentFacts {
  readonly kind: 'Gateway' | 'ListenerSet';
  readonly namespace: string;
  readonly name: string;
  /** `namespace/name` of the Gateway that serves it. */
  readonly gateway: string;
  /** Set when nothing can attach because the Gateway keeps this ListenerSet out. */
  readonly refusal?: string;
  readonly listeners: readonly ListenerFacts[];
}

export interface ListenerFacts {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly hostname?: string;
  readonly kinds: readonly string[];
  readonly from: string;
  readonly selector?: LabelSelector;
  /** It carries traffic as far as is known without its routes. */
  readonly serving: boolean;
  readonly conflicted: boolean;
}

export interface ParentSource {
  readonly ref: ObjectRef;
  readonly gateway: string;
  readonly listeners: readonly ListenerNode[];
  readonly refusal?: string | undefined;
}

export function collectParentFacts(source: ParentSource): ParentFacts {
  return {
    kind: source.ref.kind === 'ListenerSet' ? 'ListenerSet' : 'Gateway',
    namespace: source.ref.namespace ?? '',
    name: source.ref.name,
    gateway: source.gateway,
    ...(source.refusal === undefined ? {} : { refusal: source.refusal }),
    listeners: source.listeners.map(collectListenerFacts),
  };
}

function collectListenerFacts(listener: ListenerNode): ListenerFacts {
  const namespaces = listener.spec.allowedRoutes?.namespaces;
  const selector: LabelSelector | undefined = namespaces?.selector;
  return {
    name: listener.name,
    port: listener.port,
    protocol: listener.protocol,
    ...(listener.hostname === undefined ? {} : { hostname: listener.hostname }),
    kinds: listener.supportedKinds.map((kind) => kind.kind),
    from: namespaces?.from ?? 'Same',
    ...(selector === undefined ? {} : { selector }),
    serving: isServing(listener),
    conflicted: !holds(listener, CONDITION.conflicted),
  };
}
