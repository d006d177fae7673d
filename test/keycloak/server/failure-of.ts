/** What went wrong in the words a person sees; the result as text when nothing did. */
export async function failureOf(work: Promise<unknown>): Promise<string> {
  return String(await work.catch((error: unknown) => error))
}
