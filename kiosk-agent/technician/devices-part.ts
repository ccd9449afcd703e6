import type { ConsoleDevice } from '../api/technician-contract.ts'
import { addressOf, type SetDevice } from './configure/device-set.ts'
import { withoutSecrets } from './configure/secrets.ts'
import type { ConsoleContext } from './console-context.ts'
import type { ConsolePart } from './console-part.ts'
import { countersOf, factsOf } from './device-facts.ts'
import { testsFor } from './device-tests/device-tests.ts'
import { followPaperLeft } from './paper-left.ts'

/** Every device of the terminal, as it is now. */
export function createDevicesPart(context: ConsoleContext): ConsolePart<'devices'> {
  const stop = context.past.listen({ onEvent: context.changed, onState: context.changed })
  const paper = followPaperLeft(context)

  function shown(device: SetDevice): ConsoleDevice {
    const { settings, configured } = device
    const now = context.hub.devices.find(({ id }) => id === settings.id)
    const { last } = context.past.of(settings.id)
    const { driver } = configured
    return {
      id: settings.id,
      driver: driver.id,
      label: driver.label,
      kind: driver.kind,
      state: now?.state ?? 'starting',
      since: new Date(now?.since ?? context.clock.now()).toISOString(),
      ...(now?.error ? { error: { code: now.error.code, message: now.error.message } } : {}),
      ...(last
        ? {
            last: { code: last.error.code, message: last.error.message, at: new Date(last.at).toISOString() },
          }
        : {}),
      address: addressOf(configured),
      facts: {
        ...factsOf(context, settings.id),
        ...(driver.kind === 'receipt-printer' ? paper.facts() : {}),
      },
      counters: countersOf(context, settings.id),
      options: withoutSecrets(device).options,
      tests: testsFor(driver.kind),
    }
  }

  return {
    view: () => ({ devices: context.devices.running.map(shown) }),
    commands: {},
    close() {
      stop()
      paper.stop()
    },
  }
}
