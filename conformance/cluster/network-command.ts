/** Starts programs where a cluster's addresses can be reached: in a network namespace, or here. */

/** The program and its arguments, entered into the namespace at this path; here when undefined. */
export function networkCommand(
  networkNamespace: string | undefined,
  program: string,
  args: readonly string[],
): readonly [program: string, args: readonly string[]] {
  if (networkNamespace === undefined) return [program, args];
  // nsenter becomes the program: the same process id, so signals arrive.
  return ['nsenter', [`--net=${networkNamespace}`, program, ...args]];
}
