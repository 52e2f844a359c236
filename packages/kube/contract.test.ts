/** The fake API server is held to what a real one does; that one is, in the heavy tests. */
import { test } from 'node:test';
import { kubeContract, startFakeApiServer } from '@sluice/testkit';
import { createClient } from './index.ts';

for (const { name, check } of kubeContract) {
  test(`fake API server: ${name}`, async (t) => {
    const server = await startFakeApiServer();
    const client = createClient({ server: server.url, credentials: { kind: 'none' } });
    t.after(async () => {
      client.close();
      await server.close();
    });
    await check({ client, namespace: 'contract', watchSeconds: 0.2 });
  });
}
