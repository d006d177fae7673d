import { backendForFrontend } from './requirements/backend-for-frontend.ts'
import { bearerTokens } from './requirements/bearer-tokens.ts'
import { framing } from './requirements/framing.ts'
import { headers } from './requirements/headers.ts'
import { lasting } from './requirements/lasting.ts'
import { otherPages } from './requirements/other-pages.ts'
import { ownAnswers } from './requirements/own-answers.ts'
import { paths } from './requirements/paths.ts'
import { rights } from './requirements/rights.ts'
import { sessions } from './requirements/sessions.ts'
import { signingIn } from './requirements/signing-in.ts'
import { signingOut } from './requirements/signing-out.ts'
import type { RequirementGroup } from './requirements.ts'

/** Everything that is tried, in the order in which one would attack. */
export const allRequirements: readonly RequirementGroup[] = [
  paths,
  headers,
  framing,
  lasting,
  backendForFrontend,
  signingIn,
  signingOut,
  bearerTokens,
  sessions,
  otherPages,
  rights,
  ownAnswers,
]
