import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkDescription } from '../../devices/described/check.ts'
import { describedScanner } from '../../devices/described/code-scanner.ts'
import type { Description } from '../../devices/described/description.ts'
import { readDescription } from '../../devices/described/read-description.ts'
import { simulateDescribedScanner, simulateDescribedThermometer } from '../../devices/described/simulator.ts'
import { describedThermometer } from '../../devices/described/thermometer.ts'
import { startedScanner } from '../support/scanner-bench.ts'
import { thermometerBench, thermometerContract } from './thermometer-contract.ts'

const shipped = join(import.meta.dirname, '../../config/drivers')

async function described(id: string): Promise<Description> {
  const description = await readDescription(shipped, id)
  if (!description) throw new Error(`there is no ${id}`)
  return description
}

const polled = await described('example-polled-thermometer')
const scanner = await described('example-framed-scanner')

/** The nine bytes of a GY-MCU90614, which speaks by itself and tells no body temperature. */
const speaking = checkDescription('speaking.json', {
  id: 'speaking',
  kind: 'thermometer',
  label: 'Speaking',
  source: 'sellers’ sheets of the GY-MCU90614',
  serial: { baudRate: 9600 },
  frame: {
    start: '5a5a4504',
    length: { type: 'fixed', bytes: 9 },
    checksum: { type: 'sum8' },
    fields: [
      { name: 'raw', offset: 4, type: 'i16be', scale: 0.01, unit: 'celsius' },
      { name: 'ambient', offset: 6, type: 'i16be', scale: 0.01, unit: 'celsius' },
    ],
  },
  golden: [{ frame: '5a5a45040e47096ac5', values: { raw: 36.55, ambient: 24.1 } }],
})

thermometerContract({
  driver: describedThermometer(polled),
  settings: {},
  simulate: (faults) => simulateDescribedThermometer(polled, faults),
  noise: Uint8Array.of(0xa4, 0x03, 0x07),
  silenceMs: 3000,
  slowestReadingMs: 700,
  measuresAmbient: true,
})

thermometerContract({
  driver: describedThermometer(speaking),
  settings: { estimate: { offsetCentiCelsius: 230 } },
  simulate: (faults) => simulateDescribedThermometer(speaking, faults),
  noise: Uint8Array.of(0x5a, 0x5a, 0x45),
  silenceMs: 6000,
  slowestReadingMs: 2000,
  measuresAmbient: true,
})

describe('A described thermometer', () => {
  test('takes port and frame format from its description, and another baud rate from the settings', () => {
    const driver = describedThermometer(polled)
    const options = driver.options.parse({ path: '/dev/ttyS0', baudRate: 115_200 })
    expect(driver.link(options)).toMatchObject({
      type: 'serial',
      path: '/dev/ttyS0',
      baudRate: 115_200,
      dataBits: 8,
    })
    expect(driver.options.parse({ path: 'x' }).baudRate).toBe(9600)
  })

  test('that tells no body temperature must be told how to estimate it', () => {
    expect(describedThermometer(speaking).options.safeParse({ path: 'x' }).success).toBe(false)
    expect(describedThermometer(polled).options.safeParse({ path: 'x' }).success).toBe(true)
  })

  test('refuses what sends other frames', async () => {
    const { start, clock, cable } = thermometerBench({ driver: describedThermometer(polled), settings: {} })
    const refused = expect(start()).rejects.toMatchObject({ code: 'wrong-device' })
    await cable.far.write(Uint8Array.of(0x5a, 0x5a, 0x45, 0x04, 0x0e, 0x47, 0x09, 0x6a, 0xc5))
    await clock.advance(2000)
    await refused
  })
})

describe('A described scanner', () => {
  const model = {
    driver: describedScanner(scanner),
    simulate: (options: object) => simulateDescribedScanner(scanner, options),
  }

  test('reports codes through noise, in any pieces, each presentation once', async () => {
    const { codes, show, commands } = await startedScanner(
      model,
      {},
      {
        noise: Uint8Array.of(0x00, 0x55, 0x31),
        pieceBytes: 1,
        repeats: 3,
      },
    )
    await show(Uint8Array.of(0x41, 0x00, 0xff, 0x0d))
    expect(codes).toEqual(['A\x00\xff\r'])
    expect(commands.suppressed()).toBe(3)
  })

  test('half a code is never glued to the code that comes later', async () => {
    const { codes, raw, show, clock } = await startedScanner(model)
    await raw(Uint8Array.of(0x55, 0xaa, 0x30, 0x00, 0x09, 0x00, 0x41))
    await clock.advance(1000)
    await show('GOOD')
    expect(codes).toEqual(['GOOD'])
  })

  test('garbage and other devices are no code', async () => {
    const { codes, raw, clock } = await startedScanner(model)
    for (let sent = 0; sent < 100; sent++) {
      await raw(Uint8Array.of(0xa4, 0x03, 0x07, 0x07, 0x5f, 0x0d, 0x61, 0x09, 0xce, 0x0e, 0x4e, 0xb5))
      await clock.advance(100)
    }
    expect(codes).toEqual([])
  })

  test.each(['unplug', 'close'] as const)('%s in the middle of a code: no event, no error', async (how) => {
    const { codes, raw, near, unplug, clock } = await startedScanner(model)
    await raw(Uint8Array.of(0x55, 0xaa, 0x30, 0x00, 0x09, 0x00, 0x41))
    if (how === 'unplug') unplug()
    else await near.close()
    await clock.advance(5000)
    expect(codes).toEqual([])
  })

  test('that must be asked is asked, until its cable is out', async () => {
    const asked = checkDescription('asked.json', {
      ...JSON.parse(JSON.stringify(raw(scanner))),
      poll: { bytes: '3f', intervalMs: 100 },
    })
    const { far, clock, unplug } = await startedScanner({ ...model, driver: describedScanner(asked) })
    let questions = 0
    const count = async () => {
      for await (const chunk of far.bytes) questions += chunk.length
    }
    void count()
    await clock.advance(1000)
    expect(questions).toBe(11)
    unplug()
    await clock.advance(1000)
    expect(questions).toBe(11)
  })

  /** A checked description as it stood in its file. */
  function raw(description: Description): unknown {
    const text = (value: unknown): unknown => {
      if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
      if (Array.isArray(value)) return value.map(text)
      if (typeof value !== 'object' || value === null) return value
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, text(each)]))
    }
    return text(description)
  }
})

describe('A folder of descriptions', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hall-kiosk-drivers-'))
    await writeFile(join(folder, 'broken.json'), '{')
    await copyFile(join(shipped, 'example-framed-scanner.json'), join(folder, 'renamed.json'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('has no description that is not a file in it', async () => {
    expect(await readDescription(folder, '../drivers/broken')).toBeUndefined()
    expect(await readDescription(folder, 'absent')).toBeUndefined()
    expect(await readDescription(join(folder, 'nowhere'), 'absent')).toBeUndefined()
  })

  test('wants every file to be called by its id', async () => {
    await expect(readDescription(folder, 'renamed')).rejects.toMatchObject({
      code: 'bad-config',
      message: expect.stringContaining(
        'renamed.json: id: found "example-framed-scanner"; expected "renamed"',
      ),
    })
  })

  test('names the file that is no JSON', async () => {
    await expect(readDescription(folder, 'broken')).rejects.toMatchObject({
      code: 'bad-config',
      message: expect.stringContaining('broken.json: not readable as JSON'),
    })
  })
})
