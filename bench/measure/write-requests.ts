import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { VariantName } from '../variant-names.ts'

const PATH = '/api/orders/7'

/** What a browser's `fetch` sends beside the credential; the same for every variant. */
const ORDINARY = {
  Accept: 'application/json',
  'Accept-Encoding': 'gzip, deflate, br',
  'Accept-Language': 'en-GB,en;q=0.9',
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Sec-Fetch-Dest': 'empty',
  'Sec-Fetch-Mode': 'cors',
  'Sec-Fetch-Site': 'same-origin',
}

/** Writes one call for each caller, byte for byte as the client sends it; answers the file. */
export async function writeRequests(
  folder: string,
  variant: VariantName,
  port: number,
  credentials: readonly Record<string, string>[],
): Promise<string> {
  const file = join(folder, `${variant}.requests`)
  const requests = credentials.map((credential) => {
    const headers = Object.entries({ Host: `127.0.0.1:${port}`, ...ORDINARY, ...credential })
    return [`GET ${PATH} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n')
  })
  await writeFile(file, requests.join(''))
  return file
}
