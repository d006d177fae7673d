import { type Request, type RequestHandler, type Response, Router } from 'express'
import { onlyThese } from '../../platform/http/only-these.ts'
import { readInput, readQuery } from '../../platform/http/read-input.ts'
import { requestVersion } from '../../platform/keycloak/people/request-version.ts'
import { administratorOf, answer } from '../administrator.ts'
import { type ChangeSettings, settingsVersion } from './change-settings.ts'
import type { describeRoutes, ShownRealm, ShownSetting } from './describe-settings.ts'
import { settingInput } from './setting-input.ts'
import type { Changes } from './settings-document.ts'
import type { Wanted } from './settings-in-force.ts'

export interface SettingRoutesParts {
  changes: () => Readonly<Changes>
  settings: () => ShownSetting[]
  routes: ReturnType<typeof describeRoutes>
  realm: () => Promise<ShownRealm>
  /** Whether all instances share what is changed. */
  isShared: boolean
  change: ChangeSettings
  jsonBody: RequestHandler[]
}

const WHAT = 'the settings'

/** The configuration in force, and the few settings that can be changed while running. */
export function settingRoutes(parts: SettingRoutesParts): Router {
  const { change, settings, changes } = parts
  const router = Router({ caseSensitive: true, strict: true })

  function versioned(res: Response): string {
    const version = settingsVersion(changes())
    res.setHeader('ETag', `"${version}"`)
    return version
  }

  async function changeAndAnswer(req: Request, res: Response, wanted: Wanted, version: string | undefined) {
    const instances = await change(administratorOf(req), wanted, version)
    const changed = settings().filter(({ name }) => Object.hasOwn(wanted, name))
    const kept = parts.isShared ? 'redis' : 'process'
    answer(req, res, 'Settings changed', { settings: changed, version: versioned(res), kept, instances })
  }

  router
    .route('/settings')
    .get(async function listSettings(req, res) {
      readQuery(settingInput.nothing, req)
      const realm = await parts.realm()
      const kept = parts.isShared ? 'redis' : 'process'
      const data = { settings: settings(), version: versioned(res), kept, routes: parts.routes, realm }
      answer(req, res, 'Settings in force at this instance', data)
    })
    .patch(...parts.jsonBody, async function changeSettings(req, res) {
      const { settings: wanted, version } = readInput(settingInput.change, req.body)
      await changeAndAnswer(req, res, wanted, requestVersion(req, version, WHAT))
    })
    .all(onlyThese('GET, HEAD, PATCH'))

  router
    .route('/settings/:name')
    .delete(async function resetSetting(req, res) {
      const { name } = readInput(settingInput.one, req.params)
      readQuery(settingInput.nothing, req)
      await changeAndAnswer(req, res, { [name]: null }, requestVersion(req, undefined, WHAT))
    })
    .all(onlyThese('DELETE'))
  return router
}
