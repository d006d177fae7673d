/** One part of an operation. Undoing must do no harm where the step was not carried out, or only perhaps. */
export interface Step {
  readonly name: string
  run(): Promise<void>
  undo(): Promise<void>
}

/**
 * Runs all steps, or none: when one fails, it and those before it are undone, last first, and its error is thrown. The failed
 * one too, because a call that timed out may have been carried out.
 * @param onLeft told of the steps that could not be undone
 */
export async function completeOrUndo(
  steps: readonly Step[],
  onLeft: (names: string[], error: unknown) => void,
): Promise<void> {
  const begun: Step[] = []
  try {
    for (const step of steps) {
      begun.push(step)
      await step.run()
    }
  } catch (error) {
    const left: string[] = []
    let why: unknown
    for (const step of begun.toReversed()) {
      try {
        await step.undo()
      } catch (reason) {
        left.push(step.name)
        why = reason
      }
    }
    if (left.length > 0) onLeft(left, why)
    throw error
  }
}
