import { modbusRtuMaster } from '../../lib/modbus-rtu.ts'
import { gyHost, readIdentity, readMeasurement } from '../../thermometers/gy-614v/codec.ts'
import { Command, gy90614Host } from '../../thermometers/gy-90614/codec.ts'
import { arrayHost, pictureLength, readEmissivity } from '../../thermometers/gy-mcu90640/codec.ts'
import { luHost } from '../../thermometers/lu90614/codec.ts'
import type { RegisterMap } from '../../thermometers/modbus-infrared/codec.ts'
import { questionsFor, useFor } from '../../thermometers/modbus-infrared/codec.ts'
import { framed, type Probe, type Suggestion, type Voice } from '../probe.ts'

/** As delivered. */
const gy614vAddress = 0xa4
/** What stands there until somebody has taken the offset at the place itself, against a contact thermometer. */
const estimate = { offsetCentiCelsius: 230 }
const offset = 'estimate.offsetCentiCelsius'

const gy614v: Suggestion = {
  driver: 'gy-614v',
  options: (baudRate) => ({ baudRate, address: gy614vAddress }),
}
const gy90614: Suggestion = {
  driver: 'gy-90614',
  options: (baudRate) => ({ baudRate, estimate }),
  toBeSet: [offset],
}
const gyMcu90640: Suggestion = {
  driver: 'gy-mcu90640',
  options: (baudRate) => ({ baudRate, estimate }),
  toBeSet: [offset],
}
const lu90614: Suggestion = {
  driver: 'lu90614',
  options: (baudRate) => ({ baudRate, declaredAmbientCentiCelsius: 2400 }),
  toBeSet: ['declaredAmbientCentiCelsius'],
}

/** The map of the MQ485A (sheet at cp.yiqi.com): the only one that is known here. */
const mq485a: RegisterMap = {
  object: { function: 3, register: 0, unitsPerDegree: 100, sign: 'twos-complement' },
  ambient: { function: 3, register: 1, unitsPerDegree: 100, sign: 'twos-complement' },
}
const infraredUnit = 1
const infrared = modbusRtuMaster(infraredUnit, useFor(mq485a))

export const thermometerProbes: readonly Probe[] = [
  {
    kind: 'thermometer',
    bauds: [9600, 115_200],
    asks: [gyHost(gy614vAddress).encode(readIdentity)],
    waitMs: 250,
    proven: framed(
      gyHost(gy614vAddress),
      (answer) => answer.type === 'registers' && answer.start === readIdentity.start,
    ),
    suggestions: [gy614v],
  },
  {
    kind: 'thermometer',
    bauds: [9600, 115_200],
    asks: [gy90614Host.encode(Command.oneReading)],
    waitMs: 250,
    proven: framed(gy90614Host, () => true),
    suggestions: [gy90614],
  },
  {
    kind: 'thermometer',
    bauds: [115_200, 9600, 460_800],
    asks: [arrayHost.encode(readEmissivity)],
    waitMs: 400,
    proven: framed(arrayHost, ({ type }) => type === 'emissivity' || type === 'picture', pictureLength),
    suggestions: [gyMcu90640],
  },
  {
    kind: 'thermometer',
    bauds: [9600],
    asks: [luHost.encode('object'), luHost.encode('measure')],
    waitMs: 800,
    proven: framed(luHost, ({ mode }) => mode === 'object'),
    suggestions: [lu90614],
  },
  {
    kind: 'thermometer',
    bauds: [9600, 19_200],
    asks: questionsFor(mq485a).map(infrared.encode),
    waitMs: 250,
    proven: framed(infrared, ({ type }) => type === 'words'),
    suggestions: [
      {
        driver: 'modbus-infrared',
        options: (baudRate) => ({ baudRate, unit: infraredUnit, map: mq485a, estimate }),
        toBeSet: ['map', offset],
      },
    ],
  },
]

/** Modules that send by themselves, as most are delivered. */
export const thermometerVoices: readonly Voice[] = [
  {
    kind: 'thermometer',
    proven: framed(
      gyHost(gy614vAddress),
      (answer) => answer.type === 'registers' && answer.start === readMeasurement.start,
    ),
    suggestions: [gy614v],
  },
  { kind: 'thermometer', proven: framed(gy90614Host, () => true), suggestions: [gy90614] },
  {
    kind: 'thermometer',
    proven: framed(arrayHost, ({ type }) => type === 'picture', pictureLength),
    suggestions: [gyMcu90640],
  },
]
