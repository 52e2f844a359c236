/** The README's example, whole and run: a controller that keeps a copy of each note. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

// example begins
import {
  createManualClock,
  type Effect,
  effectId,
  type HandlerResult,
  type ObjectRef,
  runController,
} from './index.ts';

type Notes = ReadonlyMap<string, string>;
interface World {
  readonly notes: Notes;
  readonly copies: Notes;
}

const copyRef = (name: string): ObjectRef => ({ group: '', kind: 'Copy', name });

/** What should be, from what is: no clock, no network, no memory. */
function reconcile({ notes, copies }: World): { effects: Effect[] } {
  const effects: Effect[] = [];
  for (const [name, text] of notes) {
    const intent = { kind: 'apply', target: copyRef(name), object: { text } } as const;
    if (copies.get(name) !== text) effects.push({ ...intent, id: effectId(intent) });
  }
  for (const name of copies.keys()) {
    const intent = { kind: 'delete', target: copyRef(name) } as const;
    if (!notes.has(name)) effects.push({ ...intent, id: effectId(intent) });
  }
  return { effects };
}

const done: HandlerResult = { kind: 'done' };
const none = async (): Promise<HandlerResult> => ({ kind: 'unchanged' });

function runCopier(notes: Notes, copies: Map<string, string>, clock = createManualClock()) {
  const log: string[] = [];
  const controller = runController({
    snapshot: () => ({ notes: new Map(notes), copies: new Map(copies) }),
    reconcile,
    handlers: {
      emitEvent: none,
      patchStatus: none,
      publishConfig: none,
      apply: async ({ target, object }) => {
        copies.set(target.name, (object as { text: string }).text);
        return done;
      },
      delete: async ({ target }) => {
        copies.delete(target.name);
        return done;
      },
    },
    isLeader: () => true,
    clock,
    random: () => 0.5,
    onTurn: ({ wakes, ...turn }) => {
      const acted = turn.kind === 'completed' ? turn.outcomes.map(({ effect }) => effect.id) : [];
      log.push(`${wakes.length} wakes: ${acted.join(' ')}`);
    },
  });
  return { controller, clock, log };
}
// example ends

test('the example controller copies, updates and deletes', async () => {
  const notes = new Map([
    ['a', 'one'],
    ['b', 'two'],
  ]);
  const copies = new Map([['old', 'gone']]);
  const { controller, clock, log } = runCopier(notes, copies);
  for (const name of notes.keys()) {
    controller.wake({ kind: 'object-event', object: { group: '', kind: 'Note', name } });
  }
  await clock.advance(10);
  assert.deepEqual([...copies], [...notes]);
  assert.deepEqual(log, ['2 wakes: apply//Copy//a apply//Copy//b delete//Copy//old']);
  await controller.stop();
});

test('the README shows exactly the code that ran above', () => {
  const source = readFileSync(new URL(import.meta.url), 'utf8');
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  const example = /\/\/ example begins\n([\s\S]*?)\/\/ example ends/.exec(source)?.[1];
  assert.ok(example !== undefined && example.length > 500);
  assert.ok(
    readme.includes(`\`\`\`ts\n${example.replace("'./index.ts'", "'@sluice/sansio'")}\`\`\``),
    'copy the part between the marks into README.md',
  );
});
