import { asDeviceError } from '../../errors.ts'
import type { CardPresence } from '../../kinds.ts'
import { inTurn } from '../in-turn.ts'
import { LastCard } from './last-card.ts'
import { type Look, lookAgain, lookForCard } from './read-card.ts'
import type { SamLine } from './sam-line.ts'

/** The two ways to look at one reader, one look at a time; every card is told once, whichever look saw it. */
export interface CardWatch {
  /** Looks for a card that is laid down. Rejects as `lookForCard` does. */
  look(): Promise<void>
  /** Whether the card told last still lies there. Rejects when the connection or the module is at its end. */
  stillThere(): Promise<CardPresence>
}

export interface CardWatchOptions {
  /** YYYYMMDD. */
  today(): string
  /** Asks for more of a card that was just read. */
  complete(look: Look): Promise<Look>
  tell(look: Look): void
}

export function cardWatch(line: SamLine, { today, complete, tell }: CardWatchOptions): CardWatch {
  const last = new LastCard()
  /** The card told last lay there in the look before. */
  let seenLying = false
  /** Find, select and read belong together: another look must not come between them. */
  const oneLook = inTurn()

  function told(look: Look): void {
    // A model whose find answers again after a repeated read would tell one lying card as many visitors.
    const again = seenLying && look.type === 'card' && last.is(look.card)
    seenLying = again
    if (again) return
    if (look.type === 'card') last.remember(look.card)
    tell(look)
  }

  async function ask(): Promise<CardPresence> {
    const { found, look } = await lookAgain(line, today())
    if (look.type === 'gone') {
      seenLying = false
      last.forget()
      return 'gone'
    }
    if (look.type !== 'card') return 'unknown'
    if (!found && last.is(look.card)) {
      seenLying = true
      return 'there'
    }
    // Laid down since: a new presentation, of whichever card, which no later look would find.
    told(await complete(look))
    return seenLying ? 'there' : 'gone'
  }

  return {
    look: () => oneLook(async () => told(await complete(await lookForCard(line, today())))),
    stillThere: () =>
      oneLook(ask).catch((thrown) => {
        const error = asDeviceError(thrown, 'bad-answer', 'card data')
        if (error.code === 'timeout' || error.code === 'bad-answer') return 'unknown'
        throw error
      }),
  }
}
