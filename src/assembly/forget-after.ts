/** The same call; whatever became of it, what was remembered counts no more before it is answered. */
export function forgetAfter<A extends unknown[], T>(
  call: (...args: A) => Promise<T>,
  forget: () => Promise<unknown>,
): (...args: A) => Promise<T> {
  return async function callAndForget(...args) {
    try {
      return await call(...args)
    } finally {
      await forget()
    }
  }
}
