/** Declares the subcommands. Options in help order; examples with each command. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from './command-context.ts';
import type { CheckOptions } from './commands/check.ts';
import type { ControllerOptions } from './commands/controller.ts';
import type { DevOptions } from './commands/dev.ts';
import type { DoctorOptions } from './commands/doctor.ts';
import type { ExplainOptions } from './commands/explain.ts';
import type { GatewayOptions } from './commands/gateway.ts';
import type { StatusOptions } from './commands/status.ts';
import type { VersionOptions } from './commands/version.ts';
import type { ExitCode } from './exit-code.ts';
import { createLog, type LogFormat, type LogLevel } from './log.ts';
import { OUTPUT_FORMATS } from './render/output.ts';
import { type ColorMode, createTerminal } from './terminal.ts';

interface GlobalOptions {
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  readonly color: ColorMode;
}

type SetExitCode = (code: ExitCode) => void;

export function addCommands(program: Command, setExitCode: SetExitCode): void {
  const context = (): CommandContext => {
    const options = program.opts<GlobalOptions>();
    const terminal = createTerminal(options.color);
    const log = createLog({
      level: options.logLevel,
      format: options.logFormat,
      write: terminal.err,
      now: () => new Date(),
    });
    return { terminal, log };
  };
  addVersion(program, context, setExitCode);
  addDev(program, context, setExitCode);
  addController(program, context, setExitCode);
  addGateway(program, context, setExitCode);
  addCheck(program, context, setExitCode);
  addExplain(program, context, setExitCode);
  addStatus(program, context, setExitCode);
  addDoctor(program, context, setExitCode);
}

type ContextOf = () => CommandContext;

function addVersion(program: Command, context: ContextOf, setExitCode: SetExitCode): void {
  program
    .command('version')
    .description('print the version of Sluice, of the Gateway API it implements and of Node.js')
    .addOption(outputOption())
    .action(async (options: VersionOptions) => {
      const { runVersion } = await import('./commands/version.ts');
      setExitCode(runVersion(context(), options));
    });
}

function addDev(program: Command, context: ContextOf, setExitCode: SetExitCode): void {
  program
    .command('dev')
    .description('serve manifests on this machine, without a cluster, and follow their changes')
    .addOption(filesOption())
    .option(
      '--map <namespace/service:port=host:port>',
      'where a Service runs on this machine; repeatable',
      collect,
      [],
    )
    .option('--port <port=port>', 'bind another port than the Gateway declares', collect, [])
    .option('--address <address>', 'loopback address of the first Gateway', '127.0.0.1')
    .option(
      '--admin-port <port>',
      'metrics, health, config and status; 0: any free port',
      portOf,
      9900,
    )
    .option('--access-log <file>', 'JSON lines; - is stdout', '')
    .option('--run <command>', 'a program to run beside the gateway; repeatable', collect, [])
    .addOption(channelOption())
    .addHelpText(
      'after',
      `
Privileged ports are mapped: 80 to 8080, 443 to 8443 (port + 8000; --port 80=9000 overrides).
An HTTPS listener whose Secret is missing gets a certificate made on the spot, said as a finding.

Examples:
  $ sluice dev -f manifests/
  $ sluice dev -f gateway.yaml -f routes/ --map default/cart:8080=127.0.0.1:3000
  $ sluice dev -f manifests/ --run 'node server.js' --access-log -`,
    )
    .action(async (options: DevOptions) => {
      const { runDev } = await import('./commands/dev.ts');
      setExitCode(await runDev(context(), options));
    });
}

function addController(program: Command, context: ContextOf, setExitCode: SetExitCode): void {
  program
    .command('controller')
    .description('the control plane in a cluster: serve its Gateways by data planes of their own')
    .option('--kubeconfig <file>', 'instead of the service account of the Pod')
    .option('--context <name>', 'context of the kubeconfig')
    .option(
      '--controller-name <domain/path>',
      'GatewayClasses that name it are served',
      'sluice.dev/gateway-controller',
    )
    .option('--namespace <namespace>', 'of this controller, for its Lease; in a Pod: its own')
    .addOption(
      new Option('--leader-election <on|off>', 'on: of several replicas one writes')
        .choices(['on', 'off'])
        .default('on'),
    )
    .option('--image <image>', 'of the data planes; without it none are made')
    .addOption(
      new Option('--admin <host:port>', 'health and metrics; without a host: on every address')
        .argParser(hostPortOf)
        .default({ host: '127.0.0.1', port: 9901 }, '127.0.0.1:9901'),
    )
    .addHelpText(
      'after',
      `
The Gateway API CRDs must be installed. Kinds that the API server does not serve are done without,
and taken up when they appear.

Examples:
  $ sluice controller --image registry.example.com/sluice:1.0.0
  $ sluice controller --kubeconfig ~/.kube/config --context test --leader-election off`,
    )
    .action(async (options: ControllerOptions) => {
      const { runController } = await import('./commands/controller.ts');
      setExitCode(await runController(context(), options));
    });
}

function addGateway(program: Command, context: ContextOf, setExitCode: SetExitCode): void {
  program
    .command('gateway')
    .description(
      'run the data plane alone, on a config file or as one of a cluster; follows changes',
    )
    .option('--config <file>', 'ProxyConfig as JSON or YAML')
    .option('--keys <directory>', 'certificates: NAMESPACE/NAME/tls.crt and tls.key')
    .option('--cluster <namespace/name>', 'ConfigMap and Secret of the Gateway', namespacedOf)
    .option('--last-good <directory>', 'where the last config of --cluster is kept', '/run/sluice')
    .option('--address <address>', 'to bind; default: 127.0.0.1, with --cluster every address')
    .addOption(
      new Option('--admin <host:port>', 'metrics, health and config; port 0: any free one')
        .argParser(hostPortOf)
        .default({ host: '127.0.0.1', port: 9900 }, '127.0.0.1:9900'),
    )
    .option('--access-log <file>', 'JSON lines; - is stdout', '')
    .option(
      '--shutdown-delay-seconds <seconds>',
      'time to go on accepting after SIGTERM; default: 0, with --cluster 5',
      secondsOf,
    )
    .option('--drain-seconds <seconds>', 'time for open exchanges after SIGTERM', secondsOf, 10)
    .addHelpText(
      'after',
      `
Examples:
  $ sluice gateway --config proxy.json
  $ sluice gateway --config proxy.json --keys /run/keys --address 0.0.0.0 --access-log -
  $ sluice gateway --cluster shop/edge-sluice --admin 0.0.0.0:15020 --last-good /run/sluice`,
    )
    .action(async (options: GatewayOptions) => {
      const { runGateway } = await import('./commands/gateway.ts');
      setExitCode(await runGateway(context(), options));
    });
}

function addDoctor(program: Command, context: ContextOf, setExitCode: SetExitCode): void {
  program
    .command('doctor')
    .description('say whether a cluster has what Sluice needs, and what to do where it has not')
    .option('--kubeconfig <file>', 'instead of $KUBECONFIG and ~/.kube/config')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--namespace <namespace>', 'of the controller; default: sluice-system')
    .option(
      '--controller-name <domain/path>',
      'GatewayClasses that name it are looked at',
      'sluice.dev/gateway-controller',
    )
    .option(
      '--service-account <namespace/name>',
      "whose permissions are looked at; default: the controller's, without one your own",
      namespacedOf,
    )
    .addOption(outputOption())
    .addHelpText(
      'after',
      `
Looks at the API server, the CRDs of the Gateway API (release, channel, versions), permissions,
GatewayClasses, the controller and its Lease. Changes nothing.

Exit code 0: all that is needed is there (there may be warnings); 1: something is missing.

Examples:
  $ sluice doctor
  $ sluice doctor --context test --service-account sluice-system/sluice-controller -o json`,
    )
    .action(async (options: DoctorOptions) => {
      const { runDoctor } = await import('./commands/doctor.ts');
      setExitCode(await runDoctor(context(), options));
    });
}

function addCheck(program: Command, context: ContextOf, setExitCode: SetExitCode): void {
  program
    .command('check')
    .description('validate manifests and say everything that is wrong with them')
    .addOption(filesOption())
    .addOption(outputOption())
    .addOption(channelOption())
    .option('--strict', 'exit 1 on warnings too', false)
    .addHelpText(
      'after',
      `
Checks what an API server checks (schema, defaults, CEL rules) and what a controller finds
(missing backends and grants, conflicts, unreachable rules, certificates).

Examples:
  $ sluice check -f manifests/
  $ sluice check -f manifests/ --channel standard -o json`,
    )
    .action(async (options: CheckOptions) => {
      const { runCheck } = await import('./commands/check.ts');
      setExitCode(await runCheck(context(), options));
    });
}

function addExplain(program: Command, context: ContextOf, setExitCode: SetExitCode): void {
  program
    .command('explain')
    .description('say what happens to a request, and why')
    .argument('<method>', 'GET, POST, …')
    .argument('<url>', 'as the client sends it, with the port that the Gateway declares')
    .addOption(filesOption())
    .option('-H, --header <name: value>', 'a request header; repeatable', collect, [])
    .option('--gateway <namespace/name>', 'when several Gateways listen on the port')
    .addOption(outputOption())
    .addOption(channelOption())
    .addHelpText(
      'after',
      `
Examples:
  $ sluice explain -f manifests/ GET http://shop.example.com/cart
  $ sluice explain -f manifests/ GET https://shop.example.com/ -H 'x-canary: always' -o json`,
    )
    .action(
      async (method: string, url: string, options: Omit<ExplainOptions, 'method' | 'url'>) => {
        const { runExplain } = await import('./commands/explain.ts');
        setExitCode(await runExplain(context(), { ...options, method, url }));
      },
    );
}

function addStatus(program: Command, context: ContextOf, setExitCode: SetExitCode): void {
  program
    .command('status')
    .description('print the status that Gateways and routes would have, were they served')
    .addOption(filesOption())
    .addOption(outputOption())
    .addOption(channelOption())
    .addHelpText(
      'after',
      `
Examples:
  $ sluice status -f manifests/
  $ sluice status -f manifests/ -o yaml`,
    )
    .action(async (options: StatusOptions) => {
      const { runStatus } = await import('./commands/status.ts');
      setExitCode(await runStatus(context(), options));
    });
}

function filesOption(): Option {
  return new Option('-f, --filename <path>', 'file or directory of manifests; repeatable')
    .argParser(collect)
    .makeOptionMandatory();
}

function outputOption(): Option {
  return new Option('-o, --output <format>', 'form of the result')
    .choices(OUTPUT_FORMATS)
    .default('text');
}

function channelOption(): Option {
  return new Option('--channel <channel>', 'Gateway API channel to validate against')
    .choices(['standard', 'experimental'])
    .default('experimental');
}

function collect(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

function portOf(value: string): number {
  const port = Number(value);
  if (/^\d+$/.test(value) && port <= 65_535) return port;
  throw new InvalidArgumentError('a port is a number from 0 to 65535.');
}

/** An empty host stands for every address, as Node.js takes it. */
function hostPortOf(value: string): { host: string; port: number } {
  const [, bracketed, plain, digits = ''] = /^(?:\[(.+)\]|([^:]*)):(\d+)$/.exec(value) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host !== undefined && port <= 65_535) return { host, port };
  throw new InvalidArgumentError('an address and a port, such as 127.0.0.1:9900 or [::1]:9900.');
}

function namespacedOf(value: string): { namespace: string; name: string } {
  const [namespace = '', name = '', ...rest] = value.split('/');
  if (namespace !== '' && name !== '' && rest.length === 0) return { namespace, name };
  throw new InvalidArgumentError('a namespace and a name, such as shop/edge-sluice.');
}

function secondsOf(value: string): number {
  const seconds = Number(value);
  if (value !== '' && Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new InvalidArgumentError('a time is a number of seconds, 0 or more.');
}
