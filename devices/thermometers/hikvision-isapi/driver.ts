import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { defineDriver, type KeptSession } from '../../driver.ts'
import { asDeviceError, DeviceError } from '../../errors.ts'
import { bodyOffset, withOffset } from '../../lib/body-offset.ts'
import { warmUpMs } from '../../lib/sampling.ts'
import type { HttpLink } from '../../link/link.ts'
import { CameraClock } from './camera-clock.ts'
import { type FaceReading, readClock, readDeviceInfo, readPart } from './codec.ts'

const options = z
  .strictObject({
    host: z.string().min(1).describe('Address of the camera'),
    port: z.int().min(1).max(65535).default(80).describe('TCP port of the device'),
    username: z
      .string()
      .regex(/^[\x20-\x7e]+$/)
      .describe('A user of the camera with the right to its events, not its administrator'),
    password: z
      .string()
      .min(1)
      .optional()
      .describe("That user's password; better in a file")
      .meta({ secret: true }),
    passwordFile: z.string().min(1).optional().describe('A file that holds the password and nothing else'),
    model: z.string().min(1).optional().describe('What its model must begin with, e.g. "DS-K1TA70"'),
    declaredAmbientCentiCelsius: z
      .int()
      .min(1000)
      .max(4000)
      .describe('Room temperature as you keep it, in hundredths of a degree: the camera does not tell'),
    maxAgeMs: z
      .int()
      .min(1000)
      .max(10_000)
      .default(3000)
      .describe('An event that is older is no evidence: cameras send again what they had stored'),
    heartbeatMs: z
      .int()
      .min(1000)
      .max(120_000)
      .default(30_000)
      .describe('A stream that tells nothing for so long is broken'),
    warmUpMs,
    offset: bodyOffset,
  })
  .refine(({ password, passwordFile }) => (password === undefined) !== (passwordFile === undefined), {
    message: 'give either the password or the file that holds it',
    path: ['passwordFile'],
  })

type Options = z.infer<typeof options>
type Session = KeptSession<'thermometer', Options, 'http'>

const STREAM = '/ISAPI/Event/notification/alertStream'
/** Asking the time keeps the clocks together, and tells that a camera lies behind a cable that is out. */
const ASK_EVERY_MS = 5000
const UNANSWERED_LIMIT = 2

/** Cameras and access terminals of Hikvision that measure faces, by the events of their ISAPI. */
export const hikvisionIsapi = defineDriver({
  id: 'hikvision-isapi',
  kind: 'thermometer',
  label: 'Hikvision thermographic camera or access terminal (network, ISAPI events)',
  wire: async () => (await import('./wire.ts')).wire,
  connection: 'kept',
  linkKind: 'http',
  options,

  link: ({ host, port, username, ...given }) => ({
    type: 'http',
    host,
    port,
    username,
    password: () => passwordOf(given),
  }),

  async start(session) {
    const { link, options: set, log } = session
    const camera = readDeviceInfo((await get(link, '/ISAPI/System/deviceInfo')).body)
    if (!camera || (set.model !== undefined && !camera.model.startsWith(set.model)))
      throw new DeviceError(
        'wrong-device',
        `${link.name}: expected a Hikvision device${set.model ? ` of model ${set.model}` : ''}, found ` +
          `${camera ? `"${camera.model}"` : 'something that does not say what it is'}`,
      )
    const clock = new CameraClock()
    await keepTime(session, clock)
    const parts = await link.events(STREAM)
    log('thermometer ready', camera)
    listen(session, clock, parts)
    return { facts: camera }
  },
})

async function passwordOf({
  password,
  passwordFile,
}: Pick<Options, 'password' | 'passwordFile'>): Promise<string> {
  if (passwordFile === undefined) return password ?? ''
  try {
    return (await readFile(passwordFile, 'utf8')).trim()
  } catch (cause) {
    throw new DeviceError(
      'bad-config',
      `passwordFile ${passwordFile} cannot be read; does it exist, may this user?`,
      {
        cause,
      },
    )
  }
}

async function get(link: HttpLink, path: string) {
  const answer = await link.request(path)
  if (answer.status === 200) return answer
  throw new DeviceError(
    answer.status === 403 ? 'no-permission' : 'wrong-device',
    `${link.name}: ${path} was answered with status ${answer.status}; is it a Hikvision device, has this user the right?`,
  )
}

async function keepTime({ link, clock }: Session, camera: CameraClock): Promise<void> {
  const asked = clock.monotonic()
  const shown = readClock((await get(link, '/ISAPI/System/time')).body)
  if (shown === undefined)
    throw new DeviceError(
      'bad-answer',
      `${link.name}: it does not tell the time, so its events cannot be dated`,
    )
  camera.set(shown, asked)
}

/** Hears the camera until the connection is over; ending the connection is how a driver asks for a new start. */
function listen(
  session: Session,
  camera: CameraClock,
  parts: AsyncIterable<Parameters<typeof readPart>[0]>,
): void {
  const { link, options: set, clock, signal, log } = session
  const tell = teller(session, camera)
  let heardAt = clock.monotonic()

  async function hear() {
    for await (const part of parts) {
      heardAt = clock.monotonic()
      const event = readPart(part)
      if (event.type === 'face') tell(event, heardAt)
      if (event.type === 'unclear') log('an event is no evidence', { why: event.why })
    }
  }

  async function watch() {
    for (let unanswered = 0; unanswered < UNANSWERED_LIMIT; ) {
      await clock.sleep(Math.min(ASK_EVERY_MS, set.heartbeatMs), signal)
      if (clock.monotonic() - heardAt >= set.heartbeatMs) return log('no heartbeat', { ms: set.heartbeatMs })
      try {
        await keepTime(session, camera)
        unanswered = 0
      } catch (error) {
        unanswered++
        const { code } = asDeviceError(error, 'bad-answer', link.name)
        log('the camera does not answer', { unanswered, code })
      }
    }
  }

  const end = () => link.close()
  hear().then(end, end)
  watch().then(end, end)
}

/** Turns a face of now into what the agent is told. */
function teller({ options: set, clock, log, emit }: Session, camera: CameraClock) {
  const warmUntil = clock.monotonic() + set.warmUpMs
  return (face: FaceReading, now: number) => {
    const ageMs = camera.ageMs(face.at, now)
    // One second is what the camera's whole seconds leave open.
    if (ageMs > set.maxAgeMs || ageMs < -1000) {
      log('an event is no evidence', { why: 'not of now', ageMs })
      return
    }
    if (face.mask) emit({ type: 'mask', worn: face.mask.worn })
    const sample = {
      bodyCentiCelsius: face.bodyCentiCelsius,
      ambientCentiCelsius: set.declaredAmbientCentiCelsius,
      head: now < warmUntil ? ('warming-up' as const) : ('ok' as const),
      whole: true,
      calledAbnormal: face.calledAbnormal,
    }
    emit({ type: 'temperature', sample: withOffset(sample, set.offset) })
  }
}
