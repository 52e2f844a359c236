/**
 * The executor: the only place that acts. It takes the effects of one turn in a fixed order of
 * phases, each effect isolated from the others, and returns one outcome per effect.
 *
 * Order: applies (what a publish needs to stand on), publishes, status, events, deletes. Traffic
 * does not wait for words about it: status and events follow the publish. Nothing rests on the
 * order between publish and status: what a status says of a published version (that it is
 * programmed) comes from acknowledgements in the snapshot, thus from publishes of earlier turns.
 * Deletes come last: what takes over stands before the old goes.
 *
 * Invariant: does not decide what is wanted, only whether it may be tried now (leadership,
 * back-off). Never rejects.
 */
import type { Clock } from './clock.ts';
import type { Effect } from './effect.ts';
import type { EffectHandlers } from './handlers.ts';
import type { EffectOutcome, HandlerResult } from './outcome.ts';

export interface ExecutorPorts<Config> {
  readonly handlers: EffectHandlers<Config>;
  readonly clock: Clock;
  /** Asked before each effect, so that a lost lease stops the rest of the turn. */
  readonly isLeader: () => boolean;
  /** Whether an earlier failure of the effect with this id is still backing off. */
  readonly isBackingOff: (id: string) => boolean;
  readonly limits: ExecutorLimits;
}

export interface ExecutorLimits {
  /** Effects of one phase that run at a time. */
  readonly concurrencyMax: number;
  /** After this an effect counts as failed and the turn goes on. */
  readonly effectTimeoutMs: number;
}

const phases: readonly (readonly Effect['kind'][])[] = [
  ['apply'],
  ['publish-config'],
  ['patch-status'],
  ['emit-event'],
  ['delete'],
  ['requeue-at'],
];

/** Outcomes come phase by phase, within a phase in the order of `effects`. */
export async function execute<Config>(
  effects: readonly Effect<Config>[],
  ports: ExecutorPorts<Config>,
): Promise<EffectOutcome<Config>[]> {
  const firstById = new Map<string, Effect<Config>>();
  for (const effect of effects) {
    if (!firstById.has(effect.id)) firstById.set(effect.id, effect);
  }
  const isDuplicate = (effect: Effect<Config>): boolean => firstById.get(effect.id) !== effect;
  const outcomes: EffectOutcome<Config>[] = [];
  for (const kinds of phases) {
    const phase = effects.filter((effect) => kinds.includes(effect.kind));
    outcomes.push(...(await runPhase(phase, isDuplicate, ports)));
  }
  return outcomes;
}

async function runPhase<Config>(
  effects: readonly Effect<Config>[],
  isDuplicate: (effect: Effect<Config>) => boolean,
  ports: ExecutorPorts<Config>,
): Promise<EffectOutcome<Config>[]> {
  const outcomes: EffectOutcome<Config>[] = [];
  const waiting = effects.entries();
  const worker = async (): Promise<void> => {
    for (const [index, effect] of waiting) {
      outcomes[index] = isDuplicate(effect)
        ? { effect, kind: 'failed', reason: 'duplicate', message: `${effect.id} stands twice` }
        : await attempt(effect, ports);
    }
  };
  const width = Math.min(effects.length, ports.limits.concurrencyMax);
  await Promise.all(Array.from({ length: width }, worker));
  return outcomes;
}

async function attempt<Config>(
  effect: Effect<Config>,
  ports: ExecutorPorts<Config>,
): Promise<EffectOutcome<Config>> {
  if (effect.kind === 'requeue-at') return { effect, kind: 'scheduled' };
  if (!ports.isLeader()) return { effect, kind: 'skipped', because: 'not-leader' };
  if (ports.isBackingOff(effect.id)) return { effect, kind: 'skipped', because: 'backing-off' };
  return { effect, ...(await handleInTime(effect, ports)) };
}

type ActingEffect<Config> = Exclude<Effect<Config>, { kind: 'requeue-at' }>;

function handleInTime<Config>(
  effect: ActingEffect<Config>,
  { handlers, clock, limits }: ExecutorPorts<Config>,
): Promise<HandlerResult> {
  return new Promise((resolve) => {
    const deadline = clock.now() + limits.effectTimeoutMs;
    let cancel = clock.setTimer(deadline, expire);
    function expire(): void {
      if (clock.now() < deadline) {
        cancel = clock.setTimer(deadline, expire);
        return;
      }
      const message = `${effect.id} took longer than ${limits.effectTimeoutMs} ms`;
      resolve({ kind: 'failed', reason: 'timeout', message });
    }
    void handle(effect, handlers).then((result) => {
      cancel();
      resolve(result);
    });
  });
}

async function handle<Config>(
  effect: ActingEffect<Config>,
  handlers: EffectHandlers<Config>,
): Promise<HandlerResult> {
  try {
    return await dispatch(effect, handlers);
  } catch (error) {
    return { kind: 'failed', reason: 'unexpected', message: String(error) };
  }
}

function dispatch<Config>(
  effect: ActingEffect<Config>,
  handlers: EffectHandlers<Config>,
): Promise<HandlerResult> {
  switch (effect.kind) {
    case 'emit-event':
      return handlers.emitEvent(effect);
    case 'patch-status':
      return handlers.patchStatus(effect);
    case 'apply':
      return handlers.apply(effect);
    case 'publish-config':
      return handlers.publishConfig(effect);
    case 'delete':
      return handlers.delete(effect);
    default:
      return assertNever(effect);
  }
}

function assertNever(effect: never): never {
  throw new Error(`not an effect: ${JSON.stringify(effect)}`);
}
