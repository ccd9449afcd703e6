import { z } from 'zod'
import { defineDriver, type KeptSession } from '../../driver.ts'
import { asDeviceError, DeviceError } from '../../errors.ts'
import type { Commands } from '../../kinds.ts'
import { inTurn } from '../../lib/in-turn.ts'
import { Lights } from '../../lib/lights.ts'
import { optionWords } from '../../lib/option-words.ts'
import { type Board, manufacturer, openBoard, usbIdentity } from './board.ts'

const neverAGate =
  'this relay board cannot time a pulse by itself, so a gate would stay open when the computer fails; for a gate use ' +
  'lcus-relay, modbus-relay or modbus-tcp-relay. Here it wants "lights" alone, e.g. { "id-card-reader": 1 }'

const relay = z.int().min(1).max(8)

const options = z.strictObject(
  {
    lights: z
      .strictObject(
        {
          'id-card-reader': relay.optional().describe('Beside the card reader'),
          'code-scanner': relay.optional().describe('Beside the code scanner'),
          thermometer: relay.optional().describe('Beside the thermometer'),
          'receipt-printer': relay.optional().describe('Beside the printer'),
        },
        { error: neverAGate },
      )
      .refine((lights) => Object.keys(lights).length > 0, { message: neverAGate })
      .refine((lights) => new Set(Object.values(lights)).size === Object.keys(lights).length, {
        message: 'two lights cannot share a relay',
      })
      .describe('Relay of the guide light beside each device, counted from 1; never that of a gate'),
    boardName: z
      .string()
      .regex(/^[\x21-\x7e]{5}$/)
      .optional()
      .describe('The five characters the board is called, where it must be this very one'),
    pollMs: z.int().min(50).max(250).default(100).describe(optionWords.pollMs),
  },
  // Whoever configures a gate gives other keys than these, and must learn why there is none.
  { error: neverAGate },
)

type Session = KeptSession<'auxiliaries', z.infer<typeof options>, 'report'>

/** The board is asked how it is so often, even when nothing is to be switched. */
const LOOK_EVERY_MS = 1000
const UNANSWERED_LIMIT = 3

/** Guide lights on a relay board of dcttech (USB HID). It drives nothing that moves: see its README. */
export const dcttechHidRelay = defineDriver({
  id: 'dcttech-hid-relay',
  kind: 'auxiliaries',
  label: 'Guide lights on a USB relay board "USBRelay" (dcttech); never for gates',
  wire: async () => (await import('./wire.ts')).wire,
  connection: 'kept',
  linkKind: 'report',
  options,

  link: () => ({ type: 'hid', ...usbIdentity, manufacturer, numberedReports: false }),

  async start(session) {
    const { link, options: wanted, log } = session
    const board = await openBoard(link)
    if (wanted.boardName !== undefined && board.name !== wanted.boardName)
      throw new DeviceError(
        'wrong-device',
        `${link.name}: this board is called "${board.name}", the settings want "${wanted.boardName}"`,
      )
    const missing = Object.values(wanted.lights).find((each) => each !== undefined && each > board.relays)
    if (missing !== undefined)
      throw new DeviceError(
        'bad-config',
        `${link.name}: a light is set up on relay ${missing}, and this board has ${board.relays}`,
      )
    log('guide lights ready', { board: board.name, relays: board.relays })
    return runLights(session, board)
  },
})

function runLights(session: Session, board: Board): Commands<'auxiliaries'> {
  const { link, options: wanted, signal, clock, log } = session
  const lights = new Lights(wanted.lights)
  const talk = inTurn()
  let lookedAt = clock.monotonic()

  async function setLights() {
    for (const { output, on, told } of lights.due(clock.monotonic())) {
      told(false)
      await board.set(output, on)
      told(true)
    }
  }

  /** A relay that changed by itself, or a board that lost its power for a moment, is set again. */
  async function look() {
    if (clock.monotonic() - lookedAt < LOOK_EVERY_MS) return
    const relays = await board.read()
    lookedAt = clock.monotonic()
    lights.seen((output) => board.isOn(relays, output))
  }

  async function watch() {
    let unanswered = 0
    while (!signal.aborted) {
      try {
        await talk(async () => {
          await look()
          await setLights()
        })
        unanswered = 0
      } catch (error) {
        if (signal.aborted || link.closed.aborted) return
        unanswered++
        log('relay board does not obey', {
          unanswered,
          code: asDeviceError(error, 'bad-answer', link.name).code,
        })
        if (unanswered >= UNANSWERED_LIMIT) return link.close()
      }
      await clock.sleep(wanted.pollMs, signal)
    }
  }
  watch().catch(() => {}) // ends with the connection

  return {
    lights: lights.devices,
    presence: () => undefined,
    doorOpen: () => undefined,
    async light(device, state) {
      if (!lights.set(device, state, clock.monotonic()))
        throw new DeviceError('unsupported', `${link.name}: no guide light beside the ${device} is set up`)
      await talk(setLights)
    },
  }
}
