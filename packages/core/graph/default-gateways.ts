/**
 * Default Gateways (GEP-3793, experimental) are not served yet: who asks for one, or offers to be
 * one, learns that nothing comes of it.
 */
import type { Gateway, HTTPRoute } from '@sluice/spec';
import type { Finding } from '../finding.ts';
import { SPEC } from '../marks.ts';
import { refOf } from '../objects.ts';
import { NOTICE_REASON } from '../reasons.ts';

/** `gateways`: those of our classes. */
export function defaultGatewayNotices(
  gateways: readonly Gateway[],
  routes: readonly HTTPRoute[],
): readonly Finding[] {
  const offering = gateways.filter(({ spec }) => spec.defaultScope === 'All');
  const asking = routes.filter(({ spec }) => spec.useDefaultGateways === 'All');
  return [
    ...offering.map((gateway) =>
      noticeOf(
        refOf('Gateway', gateway),
        'spec.defaultScope',
        'Default Gateways are not supported yet: only routes that name this Gateway are served.',
      ),
    ),
    ...asking.map((route) =>
      noticeOf(
        refOf('HTTPRoute', route),
        'spec.useDefaultGateways',
        'Default Gateways are not supported yet: name the Gateways under spec.parentRefs.',
      ),
    ),
  ];
}

function noticeOf(subject: Finding['subject'], field: string, message: string): Finding {
  const reason = NOTICE_REASON.notSupportedYet;
  return { subject, field, severity: 'warning', reason, message, spec: SPEC.defaultGateways };
}
