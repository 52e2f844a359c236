/** Each trial in its short form, all in one cluster. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Cluster, startCluster, stopCluster } from '../cluster/cluster.ts';
import { whyNoCluster } from '../cluster/sample-requirements.ts';
import { runTrials } from './trial-run.ts';
import { allTrials } from './trials.ts';

const startMs = 900_000;
const trialMs = 180_000;
const running: { cluster?: Cluster } = {};

if (whyNoCluster() === undefined) {
  test('a cluster starts', { timeout: startMs }, async () => {
    const report = (line: string): void => console.error(line);
    running.cluster = await startCluster({ channel: 'experimental', isToStay: false, report });
  });
  for (const { name, about } of allTrials) {
    test(about, { timeout: trialMs }, async () => {
      const { cluster } = running;
      assert.ok(cluster !== undefined, 'no cluster');
      const lines: string[] = [];
      const options = { names: [name], isShort: true };
      const failed = await runTrials(cluster, options, (text) => lines.push(text));
      console.error(lines.join('').trimEnd());
      assert.equal(failed, 0, lines.join(''));
    });
  }
  after(async () => {
    if (running.cluster !== undefined) await stopCluster(running.cluster);
  });
}
