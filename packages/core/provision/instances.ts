/** The Pods of a Gateway's data plane, as the EndpointSlices of its Service tell of them. */
import type { Gateway } from '@sluice/spec';
import type { World } from '../graph/world.ts';
import { namespaceOf } from '../objects.ts';
import { ownedNameOf } from './ownership.ts';

/** Addresses of those that are ready, sorted; undefined: data planes are no Pods. */
export function readyInstances(world: World, gateway: Gateway): readonly string[] | undefined {
  if (world.settings.provisioning === undefined) return undefined;
  const slices = world.services.slices.get(`${namespaceOf(gateway)}/${ownedNameOf(gateway)}`) ?? [];
  const endpoints = slices.flatMap((slice) => slice.endpoints ?? []);
  const ready = endpoints.filter(({ conditions }) => conditions?.ready !== false);
  return [...new Set(ready.flatMap(({ addresses }) => addresses[0] ?? []))].sort();
}
