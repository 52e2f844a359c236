/**
 * Default Gateways (GEP-3793, experimental) are not served yet: who asks for one, or offers to be
 * one, learns that nothing comes of it.
 */
import type { Gateway, HTTPRoute } from '@sluice/spec';
import type { Finding } from '../finding.ts';
import { SPEC } from '../marks.ts';
import { refOf } from '../objects.ts';
import { NOTICE_REASON } from '../reasons.ts';

/** Of a Gateway of our classes that offers to be one. */
export function defaultGatewayNotices(gateway: Gateway): readonly Finding[] {
  if (gateway.spec.defaultScope !== 'All') return [];
  return [
    noticeOf(
      refOf('Gateway', gateway),
      'spec.defaultScope',
      'Default Gateways are not supported yet: only routes that name this Gateway are served.',
    ),
  ];
}

/** Of a route that asks for one. */
export function defaultGatewayRequests(route: HTTPRoute): readonly Finding[] {
  if (route.spec.useDefaultGateways !== 'All') return [];
  return [
    noticeOf(
      refOf('HTTPRoute', route),
      'spec.useDefaultGateways',
      'Default Gateways are not supported yet: name the Gateways under spec.parentRefs.',
    ),
  ];
}

function noticeOf(subject: Finding['subject'], field: string, message: string): Finding {
  const reason = NOTICE_REASON.notSupportedYet;
  return { subject, field, severity: 'warning', reason, message, spec: SPEC.defaultGateways };
}
