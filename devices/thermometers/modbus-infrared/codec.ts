import type { ModbusAnswer, ModbusRequest, ModbusUse } from '../../lib/modbus-pdu.ts'

/** One temperature of a sensor's register map. */
export interface TemperatureRegister {
  /** 3 reads holding registers, 4 input registers. */
  readonly function: 3 | 4
  /** As on the wire, counted from 0. */
  readonly register: number
  /** 100 where 36.55 degrees is sent as 3655, 10 where it is sent as 366. */
  readonly unitsPerDegree: number
  /** `sign-bit`: the highest bit alone says "below zero", the others are the amount. */
  readonly sign: 'unsigned' | 'twos-complement' | 'sign-bit'
}

export interface RegisterMap {
  readonly object: TemperatureRegister
  readonly ambient?: TemperatureRegister | undefined
  readonly body?: TemperatureRegister | undefined
}

/** The longest run of registers that is asked for at once. */
export const longestRun = 32

/**
 * The questions that read a whole map: one for each function, from its lowest to its highest register, so that values of
 * one moment stay together (Modbus functions 03 and 04).
 */
export function questionsFor(map: RegisterMap): ModbusRequest[] {
  const codes = [...new Set(entries(map).map(([, each]) => each.function))].sort()
  return codes.map((code) => {
    const registers = entries(map)
      .filter(([, each]) => each.function === code)
      .map(([, each]) => each.register)
    const first = Math.min(...registers)
    return { function: code, address: first, value: Math.max(...registers) - first + 1 }
  })
}

/** The answers that those questions have. */
export function useFor(map: RegisterMap): ModbusUse {
  return Object.fromEntries(questionsFor(map).map(({ function: code, value }) => [code, value * 2]))
}

/** Hundredths of a degree, by the names of the map; undefined when an answer is missing or is not words. */
export function readMap(
  map: RegisterMap,
  answers: readonly ModbusAnswer[],
): Readonly<Record<string, number>> | undefined {
  const values: Record<string, number> = {}
  const questions = questionsFor(map)
  for (const [name, entry] of entries(map)) {
    const answer = answers.find((each) => each.function === entry.function)
    const from = questions.find((each) => each.function === entry.function)?.address ?? 0
    const word = answer?.type === 'words' ? answer.words[entry.register - from] : undefined
    if (word === undefined) return undefined
    values[name] = fromWord(word, entry)
  }
  return values
}

/** Hundredths of a degree from what stands in a register. */
export function fromWord(word: number, { unitsPerDegree, sign }: TemperatureRegister): number {
  const magnitude = sign === 'sign-bit' ? word & 0x7fff : word
  const negative = sign !== 'unsigned' && (word & 0x8000) !== 0
  const units = !negative ? magnitude : sign === 'sign-bit' ? -magnitude : word - 0x10000
  return Math.round((units * 100) / unitsPerDegree)
}

/** What a sensor with this map puts into the register, for the simulator. */
export function toWord(centiCelsius: number, { unitsPerDegree, sign }: TemperatureRegister): number {
  const units = Math.round((centiCelsius * unitsPerDegree) / 100)
  if (units >= 0 || sign === 'unsigned') return Math.max(0, units) & 0xffff
  return sign === 'sign-bit' ? 0x8000 | (-units & 0x7fff) : units & 0xffff
}

/** The registers a map has, by name. */
export function entries(map: RegisterMap): [keyof RegisterMap, TemperatureRegister][] {
  const { object, ambient, body } = map
  const all = [
    ['object', object],
    ['ambient', ambient],
    ['body', body],
  ] as const
  return all.flatMap(([name, entry]) => (entry ? [[name, entry]] : []))
}
