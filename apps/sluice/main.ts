#!/usr/bin/env node
/**
 * The `sluice` command. Parses the command line and hands over to one file per subcommand, which
 * is loaded only when it runs, so that `--help` and completion stay quick.
 */
import { enableCompileCache } from 'node:module';
import { tuneForControlling, tuneForServing } from './world/engine.ts';

/** Commands that go on for days; the others are done before it matters. */
const SERVING: ReadonlySet<string> = new Set(['gateway', 'dev']);

if (process.argv.includes('controller')) tuneForControlling();
else if (process.argv.some((argument) => SERVING.has(argument))) tuneForServing();
// Saves the work of stripping types and compiling at the next start.
enableCompileCache();
const { runProgram } = await import('./program.ts');
process.exitCode = await runProgram(process.argv);
