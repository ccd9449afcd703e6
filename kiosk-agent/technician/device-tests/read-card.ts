import type { IdCard } from '../../../devices/kinds.ts'
import { maskIdNumber, maskName } from '../../privacy/mask.ts'
import { commandsOf, PERSON_MS, type Procedure, seconds } from './procedure.ts'

/** Reads one card and shows of it what a visitor's screen shows: enough to know one's own card again. */
export const readCard: Procedure = async (running) => {
  const { samNumber } = commandsOf(running, 'id-card-reader')
  if (samNumber !== undefined) running.find('sam-number', { number: samNumber })
  running.ask('lay-card')
  const card = await running.waitFor({
    kind: 'id-card-reader',
    limitMs: PERSON_MS,
    take(event): Pick<IdCard, 'name' | 'idNumber' | 'layout' | 'warnings'> | undefined {
      if (event.type === 'card') return event.card
      if (event.type === 'card-problem') running.find('card-problem', { problem: event.problem }, false)
      return undefined
    },
  })
  if (!card) {
    running.find('time-over', { seconds: seconds(PERSON_MS) }, false)
    return false
  }
  const { layout } = card
  const shown = { name: maskName(card.name), number: maskIdNumber(card.idNumber), layout }
  running.find('card-read', shown, true)
  for (const warning of card.warnings) running.find('card-warning', { warning })
  return true
}
