import type { KindCommands } from '../device-hub.ts'
import type { ConsoleContext } from './console-context.ts'

/** What a device told of itself, in words of the contract; {} while it is not there. */
export function factsOf({ hub, past }: Pick<ConsoleContext, 'hub' | 'past'>, deviceId: string) {
  const commands = hub.commandsOf(deviceId)
  return commands ? { ...past.of(deviceId).facts, ...toldBy(commands) } : {}
}

function toldBy({ kind, commands }: KindCommands): Record<string, string> {
  switch (kind) {
    case 'id-card-reader':
      return commands.samNumber === undefined ? {} : { samNumber: commands.samNumber }
    case 'gate':
      return {
        seesPassage: String(commands.seesPassage),
        seesFire: String(commands.seesFire),
        fire: String(commands.fire()),
      }
    case 'auxiliaries':
      return { lights: commands.lights.join(', ') || 'none' }
    case 'code-scanner':
    case 'thermometer':
      return { ...commands.facts }
    case 'receipt-printer':
      return {}
  }
}

/** Figures a device keeps itself, since its connection began. */
export function countersOf({ hub, past }: Pick<ConsoleContext, 'hub' | 'past'>, deviceId: string) {
  const found = hub.commandsOf(deviceId)
  const own = found?.kind === 'code-scanner' ? { suppressed: found.commands.suppressed() } : {}
  return { ...past.of(deviceId).counters, ...own }
}
