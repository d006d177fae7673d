/** What came back, read in the ways tests need. */
export type Answer = {
  status: number
  headers: Headers
  text: string
  /** The body as JSON, as loosely as a test reads it. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever a server sends
  json: any
  /** Where it leads, when it is a redirect. */
  location: URL | undefined
  /** What a person reads on the page: no mark-up, no line breaks. */
  words: string
}

const withoutMarkup = (html: string) =>
  html
    .replace(/<(script|style)[\s\S]*?<\/\1>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replace(/\s+/g, ' ')
    .trim()

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Reads a response to its end. */
export async function readAnswer(response: Response): Promise<Answer> {
  const { status, headers } = response
  const text = await response.text()
  const location = headers.get('location')
  return {
    status,
    headers,
    text,
    json: parse(text),
    location: location === null ? undefined : new URL(location, response.url),
    words: withoutMarkup(text),
  }
}
