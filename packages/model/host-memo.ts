/**
 * What the last lookup of a host found, kept beside the host's name by whoever keeps names: with
 * thousands of hosts, a look into the tables is many lines of memory that no cache holds.
 *
 * Only `match.ts` reads and writes it. It pins the routes of one host at most, never a whole table.
 */
export class HostMemo {
  /** `HostIndex.epoch` of what was found. */
  epoch: object | undefined;
  /** `HostTable.sole`, and the action of it. */
  sole: unknown;
  action: unknown;
  /** The listener's `HostTable` of just this host. */
  own: unknown;
}
