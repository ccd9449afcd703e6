import type { Outcome, Snapshot } from '../kiosk-agent/api/contract.ts'
import { nextUsefulStep, readsByCamera, type ScreenName } from './choose-screen.ts'
import type { Locale } from './i18n/locale.ts'
import type { Saying } from './i18n/messages.ts'
import { reasonSaying, stepSaying } from './i18n/sayings.ts'

/** What is said aloud, by a screen reader or later by a voice, when the screen changes. '' keeps silent. */
export function spokenText(screen: ScreenName, snapshot: Snapshot | null, locale: Locale): string {
  const { messages } = locale
  if (screen === 'starting') return messages.starting
  if (screen === 'connection-lost') return whole(messages.connectionLost)
  if (screen === 'signed-out') return whole(messages.signedOut)
  if (screen === 'emergency') return whole(messages.emergency)
  if (screen === 'help-coming') return whole(messages.help)
  if (screen === 'out-of-service') return whole(messages.outOfService)
  if (screen === 'maintenance') return whole(messages.maintenance)
  return snapshot ? spokenVisit(screen, snapshot, locale) : ''
}

function spokenVisit(screen: ScreenName, snapshot: Snapshot, locale: Locale): string {
  if (screen === 'card-left') return whole(locale.messages.cardLeft)
  const said = spokenOfVisit(screen, snapshot, locale)
  return snapshot.cardLeft && snapshot.outcome ? `${said} ${whole(locale.messages.cardLeft)}` : said
}

function spokenOfVisit(screen: ScreenName, snapshot: Snapshot, locale: Locale): string {
  const { outcome, session } = snapshot
  const { messages } = locale
  if (screen === 'admitted' && outcome)
    return [whole(messages.admitted.lane[outcome.lane ?? 'opening']), spokenSlip(outcome, locale)]
      .join(' ')
      .trim()
  if (screen === 'refused' && outcome) {
    const reasons = outcome.reasons.map((reason) => whole(reasonSaying(reason, locale)))
    const facts = reasons.length > 0 ? reasons : [whole(messages.outcome.assist)]
    return [...facts, spokenSlip(outcome, locale)].join(' ').trim()
  }
  if (screen === 'checklist' && session) {
    if (session.warning) return messages.timeWarning.title
    const step = nextUsefulStep(session)
    return whole(step ? stepSaying(step, locale, readsByCamera(snapshot)) : messages.checklist.committing)
  }
  return ''
}

/** What asks for the visitor's hand or answer; what a slip does by itself is not talked about. */
function spokenSlip({ decision, slip }: Outcome, { messages }: Locale): string {
  if (slip === 'none' || slip === 'printing' || slip === 'printed' || slip === 'in-hand') return ''
  return decision === 'admit' ? messages.admitted.slip[slip] : messages.outcome.slip[slip]
}

function whole({ title, body }: Saying): string {
  return `${title}. ${body}`
}
