/** What a command gets beside its options; the same for all of them. */
import type { Log } from './log.ts';
import type { Terminal } from './terminal.ts';

/** What every command may use of its surroundings. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly log: Log;
}
