import type { z } from 'zod'

/** Fits an answer that a schema reads. */
export const reads = (schema: z.ZodType) => (answer: unknown) => schema.safeParse(answer).success
