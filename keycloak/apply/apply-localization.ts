import type { Realm } from '../realm-schema.ts'
import type { Target } from './target.ts'

/** Brings texts of the file, by language and key, to the realm; other texts are left alone. */
export async function applyLocalization({ admin, realm: name, changed }: Target, realm: Realm): Promise<void> {
  const wanted = realm.localizationTexts ?? {}
  for (const [selectedLocale, texts] of Object.entries(wanted)) {
    const present: Record<string, unknown> = {
      ...(await admin.realms.getRealmLocalizationTexts({ realm: name, selectedLocale })),
    }
    for (const [key, text] of Object.entries(texts)) {
      if (present[key] === text) continue
      await admin.realms.addLocalization({ realm: name, selectedLocale, key }, text)
      changed(`text ${key} (${selectedLocale}): ${JSON.stringify(present[key] ?? null)} → ${JSON.stringify(text)}`)
    }
  }
}
