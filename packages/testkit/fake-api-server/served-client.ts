/** A fake API server and a client of it, both gone when the test is over. */
import type { TestContext } from 'node:test';
import { type Client, createClient } from '@sluice/kube';
import { type FakeApiServer, startFakeApiServer } from './fake-api-server.ts';

export async function startServedClient(
  t: TestContext,
): Promise<{ readonly server: FakeApiServer; readonly client: Client }> {
  const server = await startFakeApiServer();
  const client = createClient({ server: server.url, credentials: { kind: 'none' } });
  t.after(async () => {
    client.close();
    await server.close();
  });
  return { server, client };
}
