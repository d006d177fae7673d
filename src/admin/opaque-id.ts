import { z } from 'zod'

/** Keycloak has these where ids are: `/users/count` is a number, `/users/profile` the rules of the realm. */
const PLACES: readonly string[] = ['count', 'profile']

/** The id of something at Keycloak: an opaque part of an address, which leads to nothing but one of its kind. */
export const opaqueId = z
  .string('must be a text')
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'is not an id')
  .refine((id) => !PLACES.includes(id), 'is not an id')
