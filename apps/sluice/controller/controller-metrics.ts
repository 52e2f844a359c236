/** Counters of the controller, as Prometheus text. */
import type { ReconcileResult } from '@sluice/core';
import type { ProxyConfig } from '@sluice/model';
import type { Turn } from '@sluice/sansio';

export interface ControllerMetrics {
  observe(turn: Turn<ReconcileResult, ProxyConfig>): void;
  render(gauges: Gauges): string;
}

/** What is asked for when somebody looks. */
export interface Gauges {
  readonly leader: boolean;
  /** Kinds by name, and whether their first list has come. */
  readonly reflectors: ReadonlyMap<string, boolean>;
  readonly objects: number;
  readonly eventsDropped: number;
}

const BUCKETS_MS: readonly number[] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000];

export function createControllerMetrics(): ControllerMetrics {
  const buckets = BUCKETS_MS.map(() => 0);
  const effects = new Map<string, number>();
  const turns = { completed: 0, crashed: 0 };
  let durationMs = 0;
  let wakes = 0;
  return {
    observe(turn) {
      turns[turn.kind] += 1;
      wakes += turn.wakes.length;
      const tookMs = turn.endedAt - turn.startedAt;
      durationMs += tookMs;
      for (const [index, limit] of BUCKETS_MS.entries()) {
        if (tookMs <= limit) buckets[index] = (buckets[index] ?? 0) + 1;
      }
      if (turn.kind === 'crashed') return;
      for (const { effect, kind } of turn.outcomes) {
        const key = `kind="${effect.kind}",outcome="${kind}"`;
        effects.set(key, (effects.get(key) ?? 0) + 1);
      }
    },
    render(gauges) {
      const count = turns.completed + turns.crashed;
      const name = 'sluice_controller_turn_duration_seconds';
      const lines = [
        `# TYPE ${name} histogram`,
        ...BUCKETS_MS.map(
          (limit, index) => `${name}_bucket{le="${limit / 1000}"} ${buckets[index] ?? 0}`,
        ),
        `${name}_bucket{le="+Inf"} ${count}`,
        `${name}_sum ${durationMs / 1000}`,
        `${name}_count ${count}`,
        '# TYPE sluice_controller_turns_total counter',
        ...Object.entries(turns).map(
          ([kind, value]) => `sluice_controller_turns_total{kind="${kind}"} ${value}`,
        ),
        '# TYPE sluice_controller_wakes_total counter',
        `sluice_controller_wakes_total ${wakes}`,
        '# TYPE sluice_controller_effects_total counter',
        ...[...effects]
          .sort(([one], [other]) => (one < other ? -1 : 1))
          .map(([k, value]) => `sluice_controller_effects_total{${k}} ${value}`),
        ...renderGauges(gauges),
      ];
      return `${lines.join('\n')}\n`;
    },
  };
}

function renderGauges({ leader, reflectors, objects, eventsDropped }: Gauges): readonly string[] {
  return [
    '# TYPE sluice_controller_leader gauge',
    `sluice_controller_leader ${leader ? 1 : 0}`,
    '# TYPE sluice_controller_reflector_synced gauge',
    ...[...reflectors].map(
      ([kind, synced]) => `sluice_controller_reflector_synced{kind="${kind}"} ${synced ? 1 : 0}`,
    ),
    '# TYPE sluice_controller_objects gauge',
    `sluice_controller_objects ${objects}`,
    '# TYPE sluice_controller_events_dropped_total counter',
    `sluice_controller_events_dropped_total ${eventsDropped}`,
    '# TYPE process_resident_memory_bytes gauge',
    `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
  ];
}
