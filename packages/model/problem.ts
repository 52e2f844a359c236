/** What is wrong with a ProxyConfig, as said by the parser and by the compiler. */

export interface ConfigProblem {
  /** Path in the ProxyConfig; the compiler names list items by id: `routes[id].rules[0]`. */
  readonly field: string;
  readonly message: string;
}
