import { z } from 'zod'

/** Options of every reader with a security module, to be spread into a driver's own. */
export const cardOptions = {
  pollMs: z.int().min(100).max(2000).default(300).describe('Pause between two looks for a card'),
}
