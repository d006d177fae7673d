import { expect } from 'chai'
import type { Problem } from '../../../keycloak/realm-file/problem.ts'
import { RealmFileError, readRealm } from '../../../keycloak/realm-file.ts'
import { spoil } from './spoil.ts'

/** What is spoilt in the demo realm, with what, and the problem that must be told. */
export type Case = [what: string, path: string, value: unknown, where: string, message: RegExp]

/** One test for each case. */
export function tellRefusals(cases: readonly Case[]): void {
  for (const [what, path, value, where, message] of cases) {
    it(what, () => {
      const found = problemsOf(spoil(path, value)).find((problem) => problem.path === where)
      expect(found?.message, `no problem at ${where}`).to.match(message)
    })
  }
}

/** The problems of a realm file, none when it is fine. */
export function problemsOf(file: string): readonly Problem[] {
  try {
    readRealm(file, {}, 'broken.json')
    return []
  } catch (error) {
    if (error instanceof RealmFileError) return error.problems
    throw error
  }
}
