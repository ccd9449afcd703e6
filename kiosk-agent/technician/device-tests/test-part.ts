import { isoTime } from '../../entry/hall-time.ts'
import type { Configure } from '../configure/configure-part.ts'
import type { ConsoleContext } from '../console-context.ts'
import { type ConsolePart, Refused, type Who } from '../console-part.ts'
import { createDeviceTests, type TestAsked, type TestRefusal } from './device-tests.ts'

const messages: { readonly [Code in TestRefusal]: string } = {
  busy: 'A test is running; wait for its end or cancel it.',
  'unknown-device': 'There is no such device.',
  'no-such-test': 'There is no such test for this kind of device.',
  fire: 'The fire input is active: nothing is opened or locked now.',
  offline: 'The device is not there; see why in the list of devices.',
}

/** Tests of devices with a person, for the technician who has the terminal. */
export function createTestPart(
  context: ConsoleContext,
  configure: Pick<Configure, 'setOptions'>,
): ConsolePart<'test', 'run-test' | 'cancel-test' | 'keep-offset'> {
  const { clock, door, hub, terminal } = context
  const { utcOffsetMinutes } = context.hall
  const tests = createDeviceTests({
    clock,
    log: context.log,
    terminal: {
      name: terminal.name,
      simulated: terminal.simulated,
      passageMs: terminal.lane.passageSeconds * 1000,
    },
    utcOffsetMinutes,
    device(id) {
      const found = hub.configured.find((each) => each.id === id)
      return found && { kind: found.driver.kind, options: found.options }
    },
    commands: (id) => hub.commandsOf(id)?.commands,
    scanner: () => hub.commands('code-scanner'),
    listen: (listener) => context.past.listen({ onEvent: (event) => listener(event) }),
    record: (...entries) => context.ledger.append(...entries),
    pulse: door.testPulse,
    print: door.printTest,
    onChange: context.changed,
  })

  async function start(asked: TestAsked): Promise<void> {
    const refused = await tests.start(asked)
    if (refused) throw new Refused(refused, messages[refused])
  }

  async function keepOffset({ account }: Who): Promise<void> {
    const { run } = tests
    if (run?.offsetCentiCelsius === undefined || run.state === 'running' || run.state === 'person')
      throw new Refused(
        'nothing-to-keep',
        'No comparison with a clinical thermometer has offered a correction.',
      )
    const { device, offsetCentiCelsius: centiCelsius } = run
    const offset = { centiCelsius, at: isoTime(clock.now(), utcOffsetMinutes), by: account }
    await configure.setOptions(device, { offset }, { who: account, what: 'offset' })
    await tests.end()
  }

  return {
    view: () => ({ test: tests.run }),
    commands: {
      'run-test': {
        needs: 'vendor-mode',
        run: ({ type: _, ...asked }, { account }) => start({ ...asked, by: account }),
      },
      'cancel-test': {
        needs: 'vendor-mode',
        run() {
          tests.cancel()
        },
      },
      'keep-offset': { needs: 'vendor-mode', run: (_, who) => keepOffset(who) },
    },
    beforeLeaving: tests.end,
    close: tests.end,
  }
}
