/**
 * What tests share: the golden runner and its comparisons; a recording origin, raw clients and a
 * running proxy for tests over real sockets. Used by tests only.
 */

export { type CommandRun, runCommand } from './command/command-run.ts';
export { type DevProcess, findFreePort, startDev } from './command/dev-process.ts';
export {
  gatewayManifest,
  type NamedOrigin,
  serviceManifest,
  startNamedOrigin,
} from './command/dev-world.ts';
export { type Mutation, mutateExpectation } from './expectation-mutation.ts';
export type { ApiFaults } from './fake-api-server/api-faults.ts';
export { type FakeApiServer, startFakeApiServer } from './fake-api-server/fake-api-server.ts';
export { createInProcessApi } from './fake-api-server/in-process-api.ts';
export { startServedClient } from './fake-api-server/served-client.ts';
export { type Expectation, type GoldenCase, readGoldenCases, type World } from './golden-case.ts';
export { renderGoldenOutput } from './golden-output.ts';
export { compareStep, runGoldenCase, type StepResult } from './golden-run.ts';
export { nameSubject, reconcileWorld, type WorldResult } from './golden-world.ts';
export { type ApiExpectation, configMaps } from './kube-contract/expectation.ts';
export { kubeContract } from './kube-contract/kube-contract.ts';
export { type Manifest, readManifests } from './manifests.ts';
export { findMismatches } from './mismatch.ts';
export { clientCertificatePem, clientKeyPem } from './origin/client-certificate.ts';
export { type ClientResponse, fetchOnce } from './origin/http-client.ts';
export { makeKeyPair, type TestKeyPair } from './origin/key-pairs.ts';
export { connectRaw, type RawClient } from './origin/raw-client.ts';
export { type RecordingOrigin, respondWith, startOrigin } from './origin/recording-origin.ts';
export { headerOf, type RecordedRequest } from './origin/request-parser.ts';
export {
  buildConfig,
  buildRoute,
  buildRule,
  type RunningProxy,
  startProxy,
} from './origin/running-proxy.ts';
