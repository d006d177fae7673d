import type { Router } from 'express'
import { KeycloakError } from '../http/keycloak-error.ts'
import type { KeyComponent } from '../model/key-ring.ts'
import type { Realm } from '../model/types.ts'
import { type Guarded, objectBody, pathPart } from './admin-request.ts'

const keyProvider = 'org.keycloak.keys.KeyProvider'

const row = (realm: Realm, component: KeyComponent) => ({ ...component, providerType: keyProvider, parentId: realm.id })

function configOf(value: unknown): Record<string, string[]> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
  return Object.fromEntries(entries.map(([name, list]) => [name, [list].flat().map(String)]))
}

function keyRow({ kid, component, algorithm, use, publicKey }: ReturnType<Realm['keys']['all']>[number]) {
  const isOn = (flag: string) => component.config[flag]?.[0] !== 'false'
  const status = isOn('enabled') ? (isOn('active') ? 'ACTIVE' : 'PASSIVE') : 'DISABLED'
  return {
    providerId: component.id,
    providerPriority: Number(component.config.priority?.[0] ?? 0),
    kid,
    status,
    type: publicKey ? publicKey.asymmetricKeyType?.toUpperCase() : 'OCT',
    algorithm,
    use: use.toUpperCase(),
    ...(publicKey ? { publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') } : {}),
  }
}

/** `/admin/realms/{realm}/components` as far as they are keys, and `/keys`. */
export function mountKeys(router: Router, on: Guarded) {
  router.get(
    '/components',
    on(({ admin, realm, req, res }) => {
      admin.needs('view-realm', 'manage-realm')
      const wanted = req.query.type === undefined || req.query.type === keyProvider
      res.json(wanted ? realm.keys.all().map((key) => row(realm, key.component)) : [])
    }),
  )
  router.post(
    '/components',
    on(async ({ admin, realm, req, res }) => {
      admin.needs('manage-realm')
      const { name, providerId, providerType, config } = objectBody(req)
      if (providerType !== keyProvider) {
        throw new KeycloakError(501, { error: `The stand-in only knows components of type ${keyProvider}.` })
      }
      const component = { name: String(name), providerId: String(providerId), config: configOf(config) }
      const key = await realm.keys.add(component)
      const base = realm.issuer.replace('/realms/', '/admin/realms/')
      res.status(201).location(`${base}/components/${key.component.id}`).end()
    }),
  )
  router.get(
    '/components/:id',
    on(({ admin, realm, req, res }) => {
      admin.needs('view-realm', 'manage-realm')
      const key = realm.keys.all().find((one) => one.component.id === pathPart(req, 'id'))
      if (!key) throw new KeycloakError(404, { error: 'Could not find component' })
      res.json(row(realm, key.component))
    }),
  )
  router.put(
    '/components/:id',
    on(({ admin, realm, req, res }) => {
      admin.needs('manage-realm')
      const found = realm.keys.configure(pathPart(req, 'id'), configOf(objectBody(req).config))
      if (!found) throw new KeycloakError(404, { error: 'Could not find component' })
      res.status(204).end()
    }),
  )
  router.delete(
    '/components/:id',
    on(({ admin, realm, req, res }) => {
      admin.needs('manage-realm')
      if (!realm.keys.remove(pathPart(req, 'id'))) throw new KeycloakError(404, { error: 'Could not find component' })
      res.status(204).end()
    }),
  )
  router.get(
    '/keys',
    on(({ admin, realm, res }) => {
      admin.needs('view-realm', 'manage-realm')
      const keys = realm.keys.all().map(keyRow)
      const best = keys.filter((key) => key.status === 'ACTIVE').sort((a, b) => a.providerPriority - b.providerPriority)
      res.json({ active: Object.fromEntries(best.map((key) => [key.algorithm, key.kid])), keys })
    }),
  )
}
