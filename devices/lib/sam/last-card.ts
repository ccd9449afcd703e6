import { createHmac, randomBytes } from 'node:crypto'
import type { IdCard } from '../../kinds.ts'

/**
 * Knows the card told last again, and nothing else about it: what is kept is a digest under a key of this connection, from
 * which no number can be won back.
 */
export class LastCard {
  readonly #key = randomBytes(32)
  #digest: string | undefined

  remember(card: IdCard): void {
    this.#digest = this.#digestOf(card)
  }

  is(card: IdCard): boolean {
    return this.#digest === this.#digestOf(card)
  }

  forget(): void {
    this.#digest = undefined
  }

  #digestOf({ idNumber, name }: IdCard): string {
    return createHmac('sha256', this.#key).update(`${idNumber} ${name}`).digest('base64')
  }
}
