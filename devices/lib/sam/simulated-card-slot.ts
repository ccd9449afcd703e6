import type { IdCard } from '../../kinds.ts'
import { Status } from './status-codes.ts'

/**
 * The radio field of a simulated reader. Find is edge-triggered as on the real thing: once a card was read, it is neither
 * found nor selected again before it was lifted, and yet it answers another read. A card whose read failed is found again
 * at once. `findsAgain`: after another read the card is found as if it had been lifted, which nobody has ruled out.
 */
export interface CardSlot {
  /** Instead of the one that lies there, if one does. */
  lay(card: IdCard): void
  take(): void
  readonly card: IdCard | undefined
  /** Results of 20 01 and 20 02. */
  find(): number
  select(): number
  /** The selected card; undefined when none is selected or it has left. */
  readonly selected: IdCard | undefined
  /** The card that lies there was read to the end before. */
  readonly wasRead: boolean
  /** The selected card was read to the end. */
  markRead(): void
  /** Forgets what was found and selected; the card stays. */
  reset(): void
}

export function cardSlot({ findsAgain = false } = {}): CardSlot {
  let card: IdCard | undefined
  let stage: 'none' | 'found' | 'selected' = 'none'
  let read = false

  function take() {
    card = undefined
    stage = 'none'
    read = false
  }

  function lay(next: IdCard | undefined) {
    take()
    card = next
  }

  return {
    get card() {
      return card
    },
    get selected() {
      return stage === 'selected' ? card : undefined
    },
    get wasRead() {
      return read
    },
    take,
    lay,
    find() {
      if (card === undefined || read) return Status.noCard
      stage = 'found'
      return Status.found
    },
    select() {
      if (card === undefined || stage === 'none' || read) return Status.notSelected
      stage = 'selected'
      return Status.ok
    },
    markRead() {
      if (read && findsAgain) lay(card)
      else read = true
    },
    reset() {
      stage = 'none'
    },
  }
}
