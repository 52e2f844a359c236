/**
 * Says in one line which Node is needed where an older one would fail on the first `.ts` import.
 *
 * Preloaded by the npm scripts, hence plain JavaScript that any Node since 18 can read. On
 * linux-x64 the pinned Node comes with `npm ci`; elsewhere the system's Node has to be new enough.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 12)) {
  console.error(
    `sluice needs Node 24.12 or newer, this is ${process.versions.node} (${process.execPath}).\n` +
      'On linux-x64 `npm ci` installs one for the npm scripts; elsewhere install Node 24 first.',
  );
  process.exit(1);
}
