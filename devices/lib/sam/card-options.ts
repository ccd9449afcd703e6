import { z } from 'zod'

/** Options of every reader with a security module, to be spread into a driver's own. */
export const cardOptions = {
  repeatedRead: z
    .boolean()
    .default(true)
    .describe(
      'Ask after a visit whether the card still lies there, by reading it again; off where a model errs',
    ),
  readAddedAddress: z
    .boolean()
    .default(false)
    .describe('Read the address added after the card was issued, too; a door needs no address'),
  pollMs: z.int().min(100).max(2000).default(300).describe('Pause between two looks for a card'),
}

export type CardOptions = { readonly [Name in keyof typeof cardOptions]: z.infer<(typeof cardOptions)[Name]> }
