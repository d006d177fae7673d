import { GatewayError } from '../../errors/gateway-error.ts'
import { isStatus } from '../admin-api/admin-errors.ts'

/** @throws GatewayError USER_NOT_FOUND where Keycloak answers 404, and any other failure as it is */
export async function orUserNotFound<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    if (isStatus((error as Error).cause, 404)) throw new GatewayError('USER_NOT_FOUND', { cause: error })
    throw error
  }
}
