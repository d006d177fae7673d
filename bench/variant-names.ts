/** What is compared, in the order of the table; the first is what the ratios refer to. */
export const variantNames = ['bare', 'session', 'bearer', 'naive'] as const

export type VariantName = (typeof variantNames)[number]

export function isVariantName(text: string): text is VariantName {
  return (variantNames as readonly string[]).includes(text)
}

export const variantTitles: Record<VariantName, string> = {
  bare: 'bare proxy',
  session: 'Cloakroom, session call',
  bearer: 'Cloakroom, bearer call',
  naive: 'naive stack',
}
