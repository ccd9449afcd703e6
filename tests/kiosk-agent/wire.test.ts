import { readFileSync } from 'node:fs'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import type { DeviceEvent } from '../../devices/kinds.ts'
import { samModule } from '../../devices/lib/sam/codec.ts'
import { encodeCardText } from '../../devices/lib/sam/encode-card-text.ts'
import { samWire, specimenCard } from '../../devices/lib/wire/sam-wire.ts'
import { harmlessCode } from '../../devices/lib/wire/wire.ts'
import { memoryLink } from '../../devices/link/memory.ts'
import { configureDevice, modelIds } from '../../devices/registry.ts'
import { createDeviceWire, type SeenPiece } from '../../kiosk-agent/technician/wire/device-wire.ts'
import { parseTrace, type Trace } from '../../kiosk-agent/technician/wire/trace-format.ts'
import { wireFrame } from '../../kiosk-agent/technician/wire/wire-frame.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { replay } from '../support/replay-trace.ts'
import {
  type Played,
  play,
  type Scene,
  scenes,
  sentinel,
  sentinelCard,
  tell,
} from '../support/wire-scenes.ts'

/** A text in every form in which it might stand somewhere. */
function forms(text: string): Buffer[] {
  const utf8 = Buffer.from(text)
  const plain = [utf8, Buffer.from(text, 'utf16le'), iconv.encode(text, 'gb18030')]
  return plain.flatMap((bytes) => [
    bytes,
    Buffer.from(bytes.toString('hex')),
    Buffer.from([...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')),
    Buffer.from(bytes.toString('base64').replace(/=+$/, '')),
  ])
}

const secrets = [
  ...forms(sentinel.name),
  ...forms(sentinel.idNumber),
  ...forms(sentinel.code),
  // Parts of them, as pieces between two cuts would show them.
  ...forms(sentinel.idNumber.slice(6, 14)),
  ...forms('7Q3ZC5'),
]

function expectClean(bytes: Buffer, where: string): void {
  for (const secret of secrets)
    expect(bytes.includes(secret), `${where} holds ${secret.toString('hex')}`).toBe(false)
}

const asText = ({ header, lines }: Trace) =>
  [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('')

function expectNobodySeen({ pieces, trace }: Played): void {
  const frames = pieces.map(wireFrame)
  expectClean(Buffer.from(JSON.stringify(frames)), 'the live stream')
  expectClean(Buffer.from(frames.map(({ hex }) => hex).join(' ')), 'the live stream')
  expectClean(
    Buffer.concat(pieces.map(({ shown }) => Buffer.from(shown.map((byte) => byte ?? 0)))),
    'what is shown',
  )
  expectClean(Buffer.from(asText(trace)), 'the trace')
  expectClean(Buffer.concat(pieces.map(({ harmless }) => harmless)), 'what the trace holds')
}

/** What the driver tells when it is replayed: nobody's card, nobody's code, nobody's picture. */
function harmless(event: DeviceEvent): unknown {
  if (event.type === 'card') return { type: 'card', card: specimenCard }
  if (event.type === 'code') return readable({ ...event, bytes: harmlessCode(event.bytes.length) })
  return event
}

/** A Buffer and an array of the same bytes are the same code. */
function readable(event: DeviceEvent): unknown {
  return event.type === 'code' ? { ...event, bytes: Buffer.from(event.bytes).toString('latin1') } : event
}

test('there is a scene for every model that can be configured', () => {
  expect([...modelIds].sort()).toEqual(
    scenes
      .map(({ model }) => model)
      .filter((model) => !model.startsWith('example-'))
      .sort(),
  )
})

describe.concurrent('On the wire of a', () => {
  test.each(scenes)(
    '$model nothing of a person is seen or recorded, and the trace replays through its driver',
    async (scene) => {
      const played = await play(scene)
      expectNobodySeen(played)
      expectUnderstood(scene, played)
      expect(asText(played.trace)).not.toContain('not-to-be-told')
      // What a web device said is not recorded at all.
      if (played.trace.header.link.kind === 'http') return
      const clock = fakeClock(Date.parse(played.trace.header.at))
      const { events, device } = await replay(parseTrace(asText(played.trace)), clock, (commands) =>
        tell(scene.kind, commands),
      )
      expect(device.fault).toBeUndefined()
      expect(device.left).toBe(0)
      // The pixels are others; and which of a talkative module's frames answers a question, chance decides anew.
      if (scene.model === 'gy-mcu90640' || scene.model === 'gy-90614')
        expect(events.map(({ type }) => type)).toEqual(played.events.map(({ type }) => type))
      else expect(events.map(readable)).toEqual(played.events.map(harmless))
    },
    30_000,
  )

  test.each(scenes.filter(({ kind }) => kind === 'id-card-reader' || kind === 'code-scanner'))(
    '$model nothing of a person is seen, wherever its bytes are cut',
    async (scene) => {
      let seed = 7
      const cut = () => {
        seed = (seed * 75 + 74) % 65_537
        return 1 + (seed % 9)
      }
      expectNobodySeen(await play(scene, cut))
    },
    30_000,
  )
})

test('a correction that was kept is added to the body temperature, whatever the model', async () => {
  const traces = ['gy-614v', 'modbus-infrared'].map((model) =>
    readFileSync(`tests/fixtures/traces/${model}.jsonl`, 'utf8'),
  )
  for (const trace of traces.map(parseTrace)) {
    const offset = { centiCelsius: 50, at: '2026-03-02T09:00:00+08:00', by: 'ada' }
    const options = { ...trace.header.options, offset }
    const [plain, corrected] = [
      await replay(trace, fakeClock()),
      await replay({ ...trace, header: { ...trace.header, options } }, fakeClock()),
    ]
    const bodies = (events: readonly DeviceEvent[]) =>
      events.map((event) => (event.type === 'temperature' ? event.sample.bodyCentiCelsius : 0))
    expect(plain.events.length).toBeGreaterThan(2)
    expect(bodies(corrected.events)).toEqual(bodies(plain.events).map((body) => body + 50))
  }
})

/** Both directions were read, and the thing that matters was named. */
function expectUnderstood({ kind, model }: Scene, { pieces, events }: Played): void {
  const texts = pieces.map(({ text }) => text ?? '?')
  const wanted = {
    'id-card-reader': /card data \(\d+ bytes\)/,
    'code-scanner': /code( of \d+ bytes|Bytes)/,
    thermometer: /°C|body|celsius|\d/,
    gate: /pulse|openLeft/,
    auxiliaries: /output|relay/,
    'receipt-printer': /text of \d+ bytes/,
  }[kind]
  expect(
    texts.some((text) => wanted.test(text)),
    `${model}: ${texts.join(' | ')}`,
  ).toBe(true)
  expect(texts.filter((text) => text === '?')).toEqual([])
  if (model !== 'lcus-relay' && model !== 'tripod-serial' && model !== 'dcttech-hid-relay')
    expect(events.length).toBeGreaterThan(0)
}

describe('What no frame explains', () => {
  const card = () => {
    const text = encodeCardText(sentinelCard)
    const data = Uint8Array.from([1, 0, 0, 0, ...text])
    return samModule.encode({ sw1: 0, sw2: 0, status: 0x90, data })
  }

  test.each([
    ['a card with a wrong check byte', () => card().with(-1, 0x5a)],
    ['half a card', () => card().slice(0, 200)],
    ['a card without its beginning', () => card().slice(40)],
    [
      'a card behind noise that looks like one',
      () => Uint8Array.from([0xaa, 0xaa, 0xaa, 0x96, 0x69, 9, 0, ...card()]),
    ],
  ])('is hidden: %s', (_, bytes) => {
    const reader = samWire().fromDevice
    const pieces = [...reader.push(bytes()), ...reader.flush()]
    const shown = Buffer.from(pieces.flatMap((piece) => piece.shown.map((byte) => byte ?? 0)))
    expectClean(shown, 'what is shown')
    expectClean(Buffer.concat(pieces.map(({ harmless: kept }) => kept)), 'the trace')
    expect(pieces.reduce((sum, piece) => sum + piece.shown.length, 0)).toBe(bytes().length)
  })

  test('is what a card tells of itself before it is read', () => {
    const serial = Buffer.from('0123456789abcdef', 'hex')
    const reply = samModule.encode({ sw1: 0, sw2: 0, status: 0x9f, data: serial })
    const [piece] = samWire().fromDevice.push(reply)
    expect(piece?.text).toBe('9F: card found, 8 bytes')
    expect(piece?.shown.slice(10, 18)).toEqual(Array.from({ length: 8 }, () => undefined))
    expect(Buffer.from(piece?.harmless ?? []).includes(serial)).toBe(false)
  })

  test('is everything to somebody who begins to watch in the middle of a picture a printer gets', async () => {
    const clock = fakeClock()
    const wire = createDeviceWire({ clock, log: () => {} })
    const device = await configureDevice({
      id: 'printer',
      driver: 'escpos',
      options: { transport: { type: 'file', path: 'x' } },
    })
    const cable = memoryLink()
    const link = await wire.tap(device, cable.near)
    if (link.kind !== 'stream') throw new Error('no stream')
    // The rest of a picture, whose dots look like commands.
    const rest = Buffer.from('1b6101 1b6102 1b4d01'.replaceAll(' ', ''), 'hex')
    await link.write(Buffer.from('1d763000 0200 0600'.replaceAll(' ', ''), 'hex'))
    const seen: SeenPiece[] = []
    await wire.watch('printer', { onPiece: (piece) => seen.push(piece) })
    await link.write(rest)
    expect(seen.flatMap(({ shown }) => shown).every((byte) => byte === undefined)).toBe(true)
    await clock.advance(1000)
    await link.write(rest)
    expect(seen.at(-1)?.text).toBe('ESC M 1')
  })
})
