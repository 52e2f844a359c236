/**
 * The Gateway API's CRDs: which are there, of which release and channel, in which versions; and
 * the policy that keeps them from being replaced by older ones.
 *
 * https://gateway-api.sigs.k8s.io/concepts/versioning/
 */
import type { Client } from '@sluice/kube';
import { findServedKinds, GATEWAY_GROUP, type ServedKinds } from '../controller/served-kinds.ts';
import { chooseResource, WATCHED_KINDS, type WatchedKind } from '../controller/watched-kinds.ts';
import type { CheckResult } from './check-result.ts';
import { fieldIn, type Look, listIn, lookAt, textIn } from './look.ts';

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const ADMISSION = '/apis/admissionregistration.k8s.io/v1';
const POLICY = `safe-upgrades.${GATEWAY_GROUP}`;
const BUNDLE = `${GATEWAY_GROUP}/bundle-version`;
const CHANNEL = `${GATEWAY_GROUP}/channel`;

interface Definition {
  readonly kind: WatchedKind;
  readonly look: Look;
}

/** `release`: the one whose objects this program knows, such as `v1.7.0`. */
export async function checkDefinitions(client: Client, release: string): Promise<CheckResult[]> {
  const kinds = WATCHED_KINDS.filter(({ group }) => group === GATEWAY_GROUP);
  const definitions = await Promise.all(
    kinds.map(async (kind): Promise<Definition> => {
      return { kind, look: await lookAt(client, `${CRDS}/${kind.plural}.${kind.group}`) };
    }),
  );
  const served = await findServedKinds(client);
  return [
    judgeRelease(definitions, release),
    ...definitions.map((definition) => judgeKind(definition, served, release)),
    await checkPolicy(client, release),
  ];
}

function judgeRelease(definitions: readonly Definition[], release: string): CheckResult {
  const check = 'Gateway API';
  const found = definitions.flatMap(({ look }) => (look.kind === 'found' ? [look.object] : []));
  const versions = valuesOf(found, BUNDLE);
  const channels = valuesOf(found, CHANNEL);
  if (found.length === 0) {
    const forbidden = definitions.find(({ look }) => look.kind === 'forbidden');
    return forbidden === undefined
      ? { check, state: 'missing', found: 'no CRDs', advice: install(release) }
      : {
          check,
          state: 'warning',
          found: 'release and channel are not known: the CRDs may not be read',
          advice: 'ask somebody who may get customresourcedefinitions to run this',
        };
  }
  const shown = `${versions.join(' and ')}, ${channels.join(' and ')} channel`;
  const advice = adviceOnRelease(versions, channels, release);
  if (advice === undefined) return { check, state: 'ok', found: shown };
  return { check, state: 'warning', found: shown, advice };
}

function valuesOf(definitions: readonly unknown[], annotation: string): string[] {
  const values = definitions.map((object) => {
    return textIn(object, 'metadata', 'annotations', annotation) || 'unknown';
  });
  return [...new Set(values)].sort();
}

function adviceOnRelease(
  versions: readonly string[],
  channels: readonly string[],
  release: string,
): string | undefined {
  const [version = '', ...others] = versions;
  if (others.length > 0) return `install one release for all CRDs: ${install(release)}`;
  if (channels.length > 1) return `install one channel for all CRDs: ${install(release)}`;
  if (version === release) return undefined;
  if (isOlder(version, release)) return `upgrade the CRDs; ${install(release)}`;
  return `this Sluice knows ${release}: fields that are newer have no effect; upgrade Sluice`;
}

function isOlder(version: string, release: string): boolean {
  const [one, other] = [version, release].map(
    (text) => /^v(\d+)\.(\d+)\.(\d+)/.exec(text)?.slice(1).map(Number) ?? [],
  );
  const place = [0, 1, 2].find((index) => one?.[index] !== other?.[index]);
  return place !== undefined && (one?.[place] ?? 0) < (other?.[place] ?? 0);
}

function judgeKind({ kind, look }: Definition, served: ServedKinds, release: string): CheckResult {
  const about = { check: 'CRD', subject: kind.kind };
  const used = chooseResource(kind, served)?.version;
  if (used === undefined) {
    const state = kind.required ? 'missing' : 'warning';
    const others = look.kind === 'found' ? servedVersions(look.object) : [];
    const found = others.length === 0 ? 'not served' : `served as ${others.join(', ')} only`;
    const without = kind.required ? '' : `without it, ${kind.plural} have no effect; `;
    return { ...about, state, found, advice: `${without}${install(release)}` };
  }
  const others = look.kind === 'found' ? servedVersions(look.object) : [];
  const rest = others.filter((version) => version !== used);
  return { ...about, state: 'ok', found: [used, ...rest].join(', ') };
}

function servedVersions(definition: unknown): string[] {
  return listIn(definition, 'spec', 'versions')
    .filter((version) => fieldIn(version, 'served') === true)
    .map((version) => textIn(version, 'name'));
}

/** It and its binding come with the CRDs from v1.5 on. */
async function checkPolicy(client: Client, release: string): Promise<CheckResult> {
  const about = { check: 'safe upgrades', subject: POLICY };
  const looks = await Promise.all([
    lookAt(client, `${ADMISSION}/validatingadmissionpolicies/${POLICY}`),
    lookAt(client, `${ADMISSION}/validatingadmissionpolicybindings/${POLICY}`),
  ]);
  if (looks.every(({ kind }) => kind === 'found')) {
    return { ...about, state: 'ok', found: 'older CRDs are refused' };
  }
  if (looks.some(({ kind }) => kind === 'forbidden')) {
    const advice = 'ask somebody who may get validatingadmissionpolicies to run this';
    return { ...about, state: 'warning', found: 'not known: it may not be read', advice };
  }
  const found = 'nothing keeps CRDs from being replaced by older ones';
  return { ...about, state: 'warning', found, advice: install(release) };
}

function install(release: string): string {
  return (
    `kubectl apply --server-side -f standard-install.yaml (or experimental-install.yaml) of ` +
    `release ${release} of kubernetes-sigs/gateway-api`
  );
}
