import { z } from 'zod'
import { defineDriver, type KeptSession } from '../../driver.ts'
import { DeviceError } from '../../errors.ts'
import { bodyEstimateOptions, bodyFromSkin } from '../../lib/body-estimate.ts'
import { bodyOffset, withOffset } from '../../lib/body-offset.ts'
import { greeted } from '../../lib/greeting.ts'
import { HeadState } from '../../lib/head-state.ts'
import { describeAnswer, type ModbusAnswer } from '../../lib/modbus-pdu.ts'
import { modbusRtuLine } from '../../lib/modbus-rtu-line.ts'
import { optionWords } from '../../lib/option-words.ts'
import { keepSampling, warmUpMs } from '../../lib/sampling.ts'
import { entries, longestRun, questionsFor, readMap, useFor } from './codec.ts'

const register = z.object({
  function: z
    .union([z.literal(3), z.literal(4)])
    .default(3)
    .describe('3: holding registers, 4: input registers'),
  register: z.number().int().min(0).max(0xffff).describe('Register on the wire, counted from 0'),
  unitsPerDegree: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(100)
    .describe('100 where 36.55 degrees is sent as 3655, 10 where it is sent as 366'),
  sign: z
    .enum(['unsigned', 'twos-complement', 'sign-bit'])
    .default('twos-complement')
    .describe('How numbers below zero are written in this register'),
})

const map = z
  .object({
    object: register.describe('Register of the surface that is looked at: the skin'),
    ambient: register.optional().describe('Register of the room temperature'),
    body: register.optional().describe('Register of the body temperature, where the sensor estimates it'),
  })
  .refine(
    (map) =>
      new Set(entries(map).map(([, each]) => `${each.function}/${each.register}`)).size ===
      entries(map).length,
    {
      message: 'one register cannot be two temperatures',
    },
  )
  .refine((map) => questionsFor(map).every(({ value }) => value <= longestRun), {
    message: `registers of one function must lie within ${longestRun} of each other`,
  })

const options = z
  .object({
    path: z.string().min(1).describe('Serial port, e.g. "COM3" or "/dev/serial/by-path/…"'),
    baudRate: z.number().int().positive().default(9600).describe(optionWords.baudRate),
    parity: z
      .enum(['none', 'even', 'odd'])
      .default('none')
      .describe('Parity of the line, as the device is set'),
    unit: z.number().int().min(1).max(247).default(1).describe('Modbus address of the sensor'),
    map: map.describe('Which register holds which temperature, from the sensor’s manual'),
    declaredAmbientCentiCelsius: z
      .number()
      .int()
      .min(1000)
      .max(4000)
      .optional()
      .describe('Room temperature as you keep it, for a sensor without a register for it'),
    estimate: bodyEstimateOptions.optional().describe('For a sensor without a register for the body'),
    sampleMs: z
      .number()
      .int()
      .min(50)
      .max(1000)
      .default(200)
      .describe('One reading each so many milliseconds'),
    warmUpMs,
    offset: bodyOffset,
    timeoutMs: z.number().int().min(50).max(5000).default(300).describe(optionWords.timeoutMs),
    maxLatencyMs: z
      .number()
      .int()
      .min(50)
      .max(5000)
      .default(300)
      .describe('Silence kept after an unanswered question; longer than the sensor can be late'),
  })
  .refine(
    ({ map, declaredAmbientCentiCelsius }) =>
      (map.ambient === undefined) !== (declaredAmbientCentiCelsius === undefined),
    {
      message: 'give either a register of the room temperature or the temperature you keep',
      path: ['declaredAmbientCentiCelsius'],
    },
  )
  .refine(({ map, estimate }) => (map.body === undefined) !== (estimate === undefined), {
    message: 'give either a register of the body temperature or an estimate from the skin',
    path: ['estimate'],
  })

type Options = z.infer<typeof options>

/** Any infrared thermometer on Modbus RTU whose temperatures stand in registers: the map is a setting. */
export const modbusInfrared = defineDriver({
  id: 'modbus-infrared',
  kind: 'thermometer',
  label: 'Infrared thermometer by Modbus RTU register map (serial, RS-485)',
  wire: async () => (await import('./wire.ts')).wire,
  connection: 'kept',
  linkKind: 'stream',
  options,

  link: ({ path, baudRate, parity }) => ({ type: 'serial', path, baudRate, parity }),

  async start(session) {
    const { link, options, clock, log, emit } = session
    const read = reader(session)
    await greeted(link, read.values, { heard: read.heard, model: `a sensor of address ${options.unit}` })
    log('thermometer ready', { ambient: options.map.ambient ? 'measured' : 'declared' })
    const head = new HeadState(clock.monotonic() + options.warmUpMs)
    return keepSampling(session, options.sampleMs, async () => {
      const sample = toSample(await read.values(), options)
      emit({
        type: 'temperature',
        sample: withOffset(
          { ...sample, head: head.judge(sample.rawCentiCelsius, clock.monotonic()) },
          options.offset,
        ),
      })
    })
  },
})

function reader({ link, options, clock }: KeptSession<'thermometer', Options>) {
  const line = modbusRtuLine(link, { ...options, clock }, useFor(options.map))
  return {
    heard: line.heard,
    async values() {
      const answers: ModbusAnswer[] = []
      for (const question of questionsFor(options.map)) answers.push(await line.ask(question))
      const values = readMap(options.map, answers)
      if (values) return values
      throw new DeviceError(
        'bad-answer',
        `${link.name}: the sensor answered ${answers.map(describeAnswer).join(', ')}; check the register map`,
      )
    },
  }
}

function toSample(values: Readonly<Record<string, number>>, options: Options) {
  const rawCentiCelsius = values.object ?? 0
  const ambientCentiCelsius = values.ambient ?? options.declaredAmbientCentiCelsius ?? 0
  const estimated = options.estimate && bodyFromSkin(rawCentiCelsius, ambientCentiCelsius, options.estimate)
  return { bodyCentiCelsius: values.body ?? estimated ?? 0, rawCentiCelsius, ambientCentiCelsius }
}
