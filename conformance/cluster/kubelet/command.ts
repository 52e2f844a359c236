/** Runs short programs of the system, such as `ip`, and tells what they complain about. */
import { spawn } from 'node:child_process';

/** Resolves when it ends with 0; else rejects with what it wrote to its standard error. */
export function runCommand(argv: readonly [string, ...string[]], input = ''): Promise<void> {
  const [program, ...args] = argv;
  const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'pipe'] });
  let problem = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    problem += text;
  });
  // A program that ends early leaves its input unread; its exit tells why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return new Promise((done, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) done();
      else reject(new Error(`${argv.join(' ')} ended with ${code}: ${problem.trim()}`));
    });
  });
}
