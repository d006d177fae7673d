function fail(reason: unknown): never {
  throw reason
}

/**
 * Makes a rejection that nobody handles fail the test in which it happens, as it would end the process of the gateway:
 * mocha alone lets it pass. May be called as often as one likes.
 */
export function failOnSilentRejections(): void {
  if (!process.listeners('unhandledRejection').includes(fail)) process.on('unhandledRejection', fail)
}

/** For `--require`: a worker forgets its listeners after each file, so they are set before each. */
export const mochaHooks = { beforeAll: failOnSilentRejections }
