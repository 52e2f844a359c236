/** Lowered lists that remember where each element stood, since some elements are left out. */

export interface Indexed<Config> {
  readonly configs: readonly Config[];
  /** Index in the source list of each config. */
  readonly indexes: readonly number[];
}

/** Leaves out what `lower` gives `undefined` for. */
export function lowerEach<Source, Config>(
  sources: readonly Source[],
  lower: (source: Source, index: number) => Config | undefined,
): Indexed<Config> {
  const configs: Config[] = [];
  const indexes: number[] = [];
  for (const [index, source] of sources.entries()) {
    const config = lower(source, index);
    if (config === undefined) continue;
    configs.push(config);
    indexes.push(index);
  }
  return { configs, indexes };
}
