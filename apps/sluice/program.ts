/**
 * The command line: subcommands, their options and help. Wiring only: each action loads its file
 * in `commands/` and hands over parsed options. Returns the exit code; never throws.
 */
import createCompletion from '@bomb.sh/tab/commander';
import { Command, CommanderError, Option } from 'commander';
import { addCommands } from './commands.ts';
import { EXIT_CODE, type ExitCode, UsageError } from './exit-code.ts';
import { LOG_LEVELS } from './log.ts';

const EXIT_CODE_HELP = `
Exit codes:
  0  done, nothing wrong
  1  the objects that were read have errors (each is printed)
  2  the command line, or a file that it names, can't be used
  3  a failure of Sluice or of its surroundings

Examples:
  $ sluice dev -f examples/quickstart/manifests
  $ sluice check -f manifests/ && sluice explain -f manifests/ GET http://shop.example.com/cart`;

/** Runs one command line (`process.argv` form) to its exit code. */
export async function runProgram(argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT_CODE.ok;
  const program = buildProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv);
    return exitCode;
  } catch (error) {
    return reportFailure(error);
  }
}

function buildProgram(setExitCode: (code: ExitCode) => void): Command {
  const program = new Command('sluice')
    .description('A Kubernetes Gateway API implementation: control plane, data plane, laptop.')
    .addOption(
      new Option('--log-level <level>', 'least level of the log on stderr')
        .choices(LOG_LEVELS)
        .default('info'),
    )
    .addOption(
      new Option('--log-format <format>', 'form of the log')
        .choices(['text', 'json'])
        .default('text'),
    )
    .addOption(
      new Option('--color <when>', 'colour the output')
        .choices(['auto', 'always', 'never'])
        .default('auto'),
    )
    .addHelpText('after', EXIT_CODE_HELP)
    .showHelpAfterError('(sluice --help lists the commands, sluice COMMAND --help their options)')
    .exitOverride();
  addCommands(program, setExitCode);
  createCompletion(program, { completionCommandName: 'completion' });
  return program;
}

function reportFailure(error: unknown): ExitCode {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT_CODE.ok : EXIT_CODE.usage;
  }
  if (error instanceof UsageError) {
    process.stderr.write(`sluice: ${error.message}\n`);
    return EXIT_CODE.usage;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`sluice: unexpected failure: ${detail}\n`);
  return EXIT_CODE.failure;
}
