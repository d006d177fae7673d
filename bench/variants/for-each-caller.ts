/** Makes something for each caller, one after the other: signing in all at once would be a test of its own. */
export async function forEachCaller<T>(callers: number, make: () => Promise<T>): Promise<T[]> {
  const made: T[] = []
  while (made.length < callers) made.push(await make())
  return made
}
