/** The yardstick: the least a proxy can do (native/limit.c). */
import type { Peer } from '../peer.ts';
import { nativeProgram } from '../program.ts';

export const limit: Peer = {
  name: 'limit',
  absence: () => undefined,
  launch: ({ port, originPort }) => ({
    command: nativeProgram('limit'),
    args: [String(port), String(originPort)],
  }),
};
