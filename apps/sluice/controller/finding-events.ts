/**
 * Which findings are told as Events: errors and warnings, once while they last. A finding that goes
 * and comes again is told again.
 */
import type { Finding } from '@sluice/core';
import type { EmitEventEffect } from '@sluice/sansio';

export interface FindingEvents {
  /** Effects for the findings that were not told yet. */
  pending(findings: readonly Finding[]): readonly EmitEventEffect[];
  /** This effect was carried out. */
  told(effect: EmitEventEffect): void;
}

export function createFindingEvents(): FindingEvents {
  let told = new Set<string>();
  return {
    pending(findings) {
      const effects = new Map<string, EmitEventEffect>();
      const lasting = new Set<string>();
      for (const finding of findings) {
        if (finding.severity === 'info') continue;
        const effect = eventOf(finding);
        if (told.has(effect.id)) lasting.add(effect.id);
        else effects.set(effect.id, effect);
      }
      told = lasting;
      return [...effects.values()];
    },
    told: ({ id }) => void told.add(id),
  };
}

function eventOf({ subject, reason, field, message }: Finding): EmitEventEffect {
  const { group, kind, namespace = '', name } = subject;
  const note = field === undefined ? message : `${field}: ${message}`;
  return {
    kind: 'emit-event',
    id: `emit-event/${group}/${kind}/${namespace}/${name}/${reason}/${note}`,
    subject,
    type: 'Warning',
    reason,
    message: note,
  };
}
