/**
 * Remembers, of an object, that it is the answer to a write of this content: then the object is as
 * desired even where the API server wrote it down in other words (units, defaults, fields that it
 * drops), and writing it again would change nothing, again and again.
 *
 * Guarantee: entries die with the objects.
 */
export interface SettledWrites {
  isSettled(live: object, content: object): boolean;
  settle(live: object, content: object): void;
}

export function createSettledWrites(): SettledWrites {
  const contents = new WeakMap<object, string>();
  const texts = new WeakMap<object, string>();
  const textFor = (content: object): string => {
    const known = texts.get(content) ?? JSON.stringify(content);
    texts.set(content, known);
    return known;
  };
  return {
    isSettled: (live, content) => contents.get(live) === textFor(content),
    settle: (live, content) => void contents.set(live, textFor(content)),
  };
}
