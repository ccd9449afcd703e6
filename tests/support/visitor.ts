import { readFileSync } from 'node:fs'
import type { Hall } from '../../config/schemas/hall.ts'
import { hallSchema } from '../../config/schemas/hall.ts'
import { type RuleSet, ruleSetSchema } from '../../config/schemas/rule-set.ts'
import type { ResidentCard, TemperatureSample } from '../../devices/kinds.ts'
import { checkDigit } from '../../devices/lib/id-number.ts'
import type { Circumstances } from '../../kiosk-agent/entry/judgement.ts'
import type { HealthResult } from '../../kiosk-agent/gateways/health/health-adapter.ts'
import type { Appointment } from '../../kiosk-agent/hall/hall-store.ts'

const config = new URL('../../config/', import.meta.url)
const json = (path: string): unknown => JSON.parse(readFileSync(new URL(path, config), 'utf8'))

export const epidemicRules: RuleSet = ruleSetSchema.parse(json('rules/epidemic-2020.json'))
export const demoHall: Hall = hallSchema.parse(json('halls/demo.json'))

/** 10:30 in Dongguan on Monday, 2 March 2020: the day the last town hall was open again. */
export const MONDAY_1030 = Date.parse('2020-03-02T10:30:00+08:00')
export const MINUTE = 60_000

/** An invented resident; numbers with the area code 999901 belong to nobody. */
export function resident(name = '李小明', sequence = '213'): ResidentCard {
  const digits = `99990119850612${sequence}`
  return {
    layout: 'resident',
    name,
    sex: Number(sequence) % 2 === 1 ? 'male' : 'female',
    birth: '19850612',
    idNumber: `${digits}${checkDigit(digits)}`,
    nationCode: '01',
    nation: '汉',
    address: '示例市样板路1号',
    issuingAuthority: '示例市公安局',
    validFrom: '20200101',
    validTo: undefined,
    warnings: [],
  }
}

export function appointment(changes: Partial<Appointment> = {}): Appointment {
  const item = { 'zh-Hans': '示例事项', 'zh-Hant': '示例事項', en: 'Example item' }
  return {
    id: 'a1',
    holder: 'h1',
    start: MONDAY_1030,
    end: MONDAY_1030 + 30 * MINUTE,
    item,
    partySize: 1,
    status: 'booked',
    ...changes,
  }
}

export function healthOf(card: ResidentCard, grade: HealthResult['grade'] = 'green'): HealthResult {
  const { name, idNumber } = card
  const nameMasked = `${name.slice(0, 1)}${'*'.repeat(name.length - 2)}${name.slice(-1)}`
  return {
    grade,
    checkedAt: MONDAY_1030,
    codeExpired: false,
    subject: { nameMasked, idMasked: `${idNumber.slice(0, 4)}**********${idNumber.slice(-4)}` },
    source: 'test',
  }
}

export function sample(
  bodyCentiCelsius: number,
  changes: Partial<TemperatureSample> = {},
): TemperatureSample {
  return { bodyCentiCelsius, rawCentiCelsius: 3420, ambientCentiCelsius: 2300, head: 'ok', ...changes }
}

export function circumstances(changes: Partial<Circumstances['hall']> = {}): Circumstances {
  const { hours, utcOffsetMinutes } = demoHall
  const available = { thermometer: true, gate: true }
  return {
    rules: epidemicRules,
    hall: { hours, utcOffsetMinutes, capacity: 300, free: 88, available, ...changes },
  }
}
