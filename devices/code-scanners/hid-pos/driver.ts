import { z } from 'zod'
import { defineDriver, type KeptSession } from '../../driver.ts'
import { asDeviceError, DeviceError } from '../../errors.ts'
import { type CodeEvents, codeEvents, codeOptions } from '../../lib/code-events.ts'
import type { Cut } from '../../lib/lines.ts'
import { layoutOf, type PosLayout, readReport } from './codec.ts'
import { type CommandSet, commandSets } from './commands.ts'
import { Joiner } from './joiner.ts'
import { layouts } from './layouts.ts'

const { maxLength, charset, sameCodeMs, otherCodeMs } = codeOptions

const options = z.strictObject({
  device: z
    .string()
    .regex(/^[0-9a-f]{4}:[0-9a-f]{4}$/i)
    .describe('USB identity as lsusb prints it, "0c2e:0b6a"'),
  serialNumber: z.string().min(1).optional().describe('Tells two heads of the same make apart'),
  layout: z
    .enum(['descriptor', 'honeywell', 'compact', 'newland', 'zebra'])
    .default('descriptor')
    .describe(
      'Where things are in a report; as the device itself describes it, unless that is not to be had',
    ),
  commands: z
    .enum(['none', 'honeywell', 'newland'])
    .default('none')
    .describe('How this make is triggered; none for a head that reads by itself'),
  maxLength,
  charset,
  sameCodeMs,
  otherCodeMs,
})

type Session = KeptSession<'code-scanner', z.infer<typeof options>, 'report'>

/** A code of 43 reports takes less than 50 ms; a head that pauses longer inside one has been torn off. */
const GAP_MS = 250
/** How long after a command its answer may come. */
const ANSWER_MS = 1000
const posCollection = { usagePage: 0x8c, usage: 0x02 }

/** Code scanners in HID point-of-sale mode. The report descriptor proves that it is one, and tells its layout. */
export const hidPos = defineDriver({
  id: 'hid-pos',
  kind: 'code-scanner',
  label: 'Code scanner in HID point-of-sale mode (USB)',
  wire: async () => (await import('./wire.ts')).wire,
  connection: 'kept',
  linkKind: 'report',
  options,

  link({ device, serialNumber }) {
    const [vendorId = 0, productId = 0] = device.split(':').map((digits) => Number.parseInt(digits, 16))
    return { type: 'hid', vendorId, productId, serialNumber, ...posCollection }
  },

  async start(session) {
    const { link, log } = session
    const layout = chosenLayout(session)
    const { commands } = session.options
    const commandSet: CommandSet | undefined = commands === 'none' ? undefined : commandSets[commands]
    const codes = codeEvents(session)
    const commanded = readCodes(session, layout, codes)
    if (commandSet?.prepare) await link.sendFeature(Uint8Array.from(commandSet.prepare))
    log('code scanner ready', { capacity: layout.capacity, aim: layout.aimByte !== undefined })
    if (!commandSet) return { suppressed: codes.suppressed }
    return {
      suppressed: codes.suppressed,
      async trigger(on) {
        commanded()
        await link.writeOutput(commandSet.trigger(on))
      },
    }
  },
})

function chosenLayout({ link, options: { layout } }: Session): PosLayout {
  if (layout !== 'descriptor') return layouts[layout]
  if (!link.descriptor)
    throw new DeviceError(
      'bad-config',
      `${link.name}: this system does not tell the report descriptor; set "layout" to the make of the head`,
    )
  const described = layoutOf(link.descriptor)
  if (described) return described
  throw new DeviceError(
    'wrong-device',
    `${link.name}: it reports no scanned data; is it a scanner, and set to HID POS rather than to keyboard?`,
  )
}

/** Reads until the connection is over. Returns what is to be called when a command goes out. */
function readCodes({ link, clock, log, options: limits }: Session, layout: PosLayout, codes: CodeEvents) {
  const joiner = new Joiner({ capacity: layout.capacity, maxLength: limits.maxLength })
  const scanned = (cut: Cut | undefined) => {
    if (cut && !isAnswer(cut, clock.monotonic() < answersUntil)) codes.take(cut)
  }
  let answersUntil = Number.NEGATIVE_INFINITY
  let lastAt = 0
  let watching = false

  async function read() {
    for await (const report of link.reports) {
      const now = clock.monotonic()
      // Reports may lie here before the watch is woken: its silence is over all the same.
      if (now - lastAt >= GAP_MS) scanned(joiner.silence())
      lastAt = now
      const part = readReport(layout, report)
      if (part) scanned(joiner.push(part))
      if (joiner.unfinished && !watching) void watch().catch(fail)
    }
  }

  async function watch() {
    watching = true
    try {
      for (let rest = GAP_MS; joiner.unfinished && rest > 0; rest = lastAt + GAP_MS - clock.monotonic())
        await clock.sleep(rest, link.closed)
      scanned(joiner.silence())
    } finally {
      watching = false
    }
  }

  /** The connection is what an agent's failure costs; the hub begins anew. */
  async function fail(error: unknown) {
    if (link.closed.aborted) return
    log('reading codes failed', { code: asDeviceError(error, 'bad-answer', link.name).code })
    await link.close()
  }

  void read().catch(fail)
  return () => {
    answersUntil = clock.monotonic() + ANSWER_MS
  }
}

const newlandReply = '\x02\x010000'

/**
 * Heads answer commands through the report of their codes: the status as "]Z6", at any time, what was asked for as "]X0",
 * and Newland's in the frame of its serial heads.
 */
function isAnswer(cut: Cut, commandPending: boolean): boolean {
  if (!('code' in cut)) return false
  const { aim, bytes } = cut.code
  if (aim === ']Z6') return true
  if (!commandPending) return false
  return (
    aim === ']X0' || Buffer.from(bytes.subarray(0, newlandReply.length)).toString('latin1') === newlandReply
  )
}
