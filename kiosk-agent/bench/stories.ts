import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchPreset } from '../api/contract.ts'
import { type DemoPerson, demoPeople } from './people.ts'

/** One visitor's way to the door, and what the world around is like meanwhile. */
export interface Story {
  /** Id of a demo person. */
  readonly person: string
  /** Whose code is shown, when it is not the person's own. */
  readonly codeOf?: string
  readonly centiCelsius?: number
  readonly gateway?: 'down'
  readonly hallFull?: boolean
}

export const stories: { readonly [Preset in BenchPreset]: Story } = {
  admitted: { person: 'li' },
  'no-appointment': { person: 'huang' },
  'too-early': { person: 'chen' },
  'yellow-code': { person: 'he' },
  fever: { person: 'zhang', centiCelsius: 3730 },
  'hall-full': { person: 'li', hallFull: true },
  'code-of-another': { person: 'zhang', codeOf: 'li' },
  'gateway-down': { person: 'li', gateway: 'down' },
}

/** What a visitor of a story does with hands, phone and forehead. */
export interface Actor {
  /** Comes into sight of the kiosk. */
  arrive(): void
  layCard(person: DemoPerson): void
  setTemperature(centiCelsius: number): void
  showCode(code: string): Promise<void>
  attestMask(): void
  /** Takes the card and goes away from the door. */
  stepAway(): void
}

/** A person needs a moment between one thing and the next; and whoever watches wants to see it happen. */
export const PACE_MS = 400
const HEALTHY_CENTI_CELSIUS = 3650

export function demoPerson(id: string): DemoPerson | undefined {
  return demoPeople.find((person) => person.id === id)
}

/** Plays what the visitor of a story does. Rejects with an AbortError when the signal ends it. */
export async function play(story: Story, actor: Actor, signal: AbortSignal): Promise<void> {
  const person = demoPerson(story.person)
  if (!person) return
  const pause = (paces = 1) => sleep(PACE_MS * paces, undefined, { signal })
  signal.throwIfAborted()
  actor.arrive()
  actor.layCard(person)
  await pause()
  actor.setTemperature(story.centiCelsius ?? HEALTHY_CENTI_CELSIUS)
  await pause()
  await actor.showCode(demoPerson(story.codeOf ?? story.person)?.code ?? person.code)
  await pause()
  actor.attestMask()
  // Long enough for a slow gateway and a look at the thermometer; then this visitor has left the spot.
  await pause(8)
  actor.stepAway()
}
