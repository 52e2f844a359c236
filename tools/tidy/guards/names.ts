/** Names: files are kebab-case nouns, folders say what is inside, types say what they are. */
import { isGenerated, isTypeScript, type Problem, type SourceFile } from '../source-file.ts';

const fileName = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/;
/** Fixed by others: the tools and people that look for them want these names. */
const knownNames = /^(README|CONTRIBUTING|LICENSE|ARCHITECTURE|SECURITY|NOTICE)(\.md)?$/;
const deploymentNames = /^(Containerfile|Chart\.yaml|NOTES\.txt)$/;
/** The upstream's reports name the version, `<channel>-<version>-<mode>-report.yaml`. */
const reportNames = /^(experimental|standard)-[\d.]+-[a-z]+-(report\.yaml|results\.jsonl)$/;
/** C has its own habits. */
const otherHabits = /\.(c|h)$|_test\.go$/;
const drawers = /^(utils?|helpers?|common|shared|misc)$/;
const testFolders = /^(tests?|__tests__|__mocks__)$/;
const emptySuffix = /(Manager|Helpers?|Utils?|Base|Impl)$/;
const declaring = new Set(['class', 'interface', 'type']);

export function guardFileNames(files: readonly SourceFile[]): Problem[] {
  return files
    .filter(({ path }) => !isGenerated(path))
    .flatMap(({ path }) => {
      const folders = path.split('/');
      const name = folders.pop() ?? '';
      const drawer =
        [...folders, name.replace(/\..*$/, '')].find((part) => drawers.test(part)) ??
        folders.find((part) => testFolders.test(part));
      if (drawer !== undefined) {
        return [{ path, line: 0, message: `"${drawer}" says nothing: name what is inside` }];
      }
      const known = [knownNames, deploymentNames, reportNames, fileName, otherHabits].some(
        (pattern) => pattern.test(name),
      );
      return known ? [] : [{ path, line: 0, message: `${name} is not kebab-case` }];
    });
}

export function guardTypeNames(files: readonly SourceFile[]): Problem[] {
  return files
    .filter(({ path }) => isTypeScript(path) && !isGenerated(path))
    .flatMap(({ path, code }) =>
      code.flatMap(({ text, line, kind }, index) => {
        const declares = declaring.has(code[index - 1]?.text ?? '');
        if (kind !== 'word' || !declares) return [];
        const empty = emptySuffix.exec(text)?.[1];
        const hungarian =
          /^I(?!Pv\d)[A-Z][a-z]/.test(text) && code[index - 1]?.text === 'interface';
        if (empty === undefined && !hungarian) return [];
        const culprit = hungarian ? 'an "I"' : `"${empty}"`;
        return [{ path, line, message: `${text}: ${culprit} says nothing, name what it is` }];
      }),
    );
}
