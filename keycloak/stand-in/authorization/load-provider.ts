/**
 * Loads oidc-provider when the first realm needs it, so that a program that never starts a stand-in pays nothing.
 * While loading it warns about every Node release line that is not called LTS yet, the pinned one among them; that
 * sentence would only worry people who try the demo, so it is kept back.
 */
export async function loadProvider(): Promise<typeof import('oidc-provider')> {
  const { warn } = console
  console.warn = () => undefined
  try {
    return await import('oidc-provider')
  } finally {
    console.warn = warn
  }
}
