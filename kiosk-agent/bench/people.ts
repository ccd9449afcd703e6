import type { ResidentCard } from '../../devices/kinds.ts'
import { checkDigit } from '../../devices/lib/id-number.ts'
import type { Text } from '../api/contract.ts'
import type { HealthRecord } from '../gateways/health/gateway-simulator.ts'

/** An invented visitor of the demo hall. The area code 999901 does not exist, so no number is anybody's. */
export interface DemoPerson {
  readonly id: string
  readonly card: ResidentCard
  readonly note: Text
  /** The text of this person's health code. */
  readonly code: string
  readonly grade: HealthRecord['grade']
  /** When the demo books this person, counted in half-hour slots from the one that runs now. */
  readonly slotsFromNow?: number
}

/** Scanned text that belongs to the simulated gateway begins so. */
export const CODE_PREFIX = 'YKMDEMO:'

interface Facts extends Pick<DemoPerson, 'id' | 'note' | 'grade' | 'slotsFromNow'> {
  readonly name: string
  readonly birth: string
  readonly sequence: string
}

function person({ id, note, grade, slotsFromNow, name, birth, sequence }: Facts): DemoPerson {
  const digits = `999901${birth}${sequence}`
  return {
    id,
    note,
    grade,
    code: `${CODE_PREFIX}${id}`,
    ...(slotsFromNow === undefined ? {} : { slotsFromNow }),
    card: {
      layout: 'resident',
      name,
      sex: Number(sequence) % 2 === 1 ? 'male' : 'female',
      birth,
      idNumber: `${digits}${checkDigit(digits)}`,
      nationCode: '01',
      nation: '汉',
      address: '示例市样板路1号',
      issuingAuthority: '示例市公安局',
      validFrom: '20200101',
      validTo: undefined,
      warnings: [],
    },
  }
}

export const demoPeople: readonly DemoPerson[] = [
  person({
    id: 'li',
    name: '李小明',
    birth: '19850612',
    sequence: '213',
    grade: 'green',
    slotsFromNow: 0,
    note: { 'zh-Hans': '有预约，绿码', 'zh-Hant': '有預約，綠碼', en: 'Booked, green code' },
  }),
  person({
    id: 'chen',
    name: '陈晓华',
    birth: '19901103',
    sequence: '128',
    grade: 'green',
    slotsFromNow: 3,
    note: { 'zh-Hans': '预约在稍后', 'zh-Hant': '預約在稍後', en: 'Booked for later' },
  }),
  person({
    id: 'huang',
    name: '黄志强',
    birth: '19780221',
    sequence: '315',
    grade: 'green',
    note: { 'zh-Hans': '没有预约', 'zh-Hant': '沒有預約', en: 'No appointment' },
  }),
  person({
    id: 'he',
    name: '何婉君',
    birth: '19930808',
    sequence: '422',
    grade: 'yellow',
    slotsFromNow: 0,
    note: { 'zh-Hans': '有预约，黄码', 'zh-Hant': '有預約，黃碼', en: 'Booked, yellow code' },
  }),
  person({
    id: 'zhang',
    name: '张伟',
    birth: '19491231',
    sequence: '037',
    grade: 'green',
    slotsFromNow: 0,
    note: { 'zh-Hans': '有预约，年长者', 'zh-Hant': '有預約，長者', en: 'Booked, elderly' },
  }),
  person({
    id: 'ji',
    name: '𠮷晓𬶏',
    birth: '19880415',
    sequence: '519',
    grade: 'green',
    slotsFromNow: 0,
    note: {
      'zh-Hans': '有预约，姓名有生僻字',
      'zh-Hant': '有預約，姓名有罕用字',
      en: 'Booked, rare characters',
    },
  }),
]

/** What the simulated gateway knows. */
export function healthRecords(): Map<string, HealthRecord> {
  const records = demoPeople.map(({ code, card, grade }): [string, HealthRecord] => [
    code,
    { name: card.name, idNumber: card.idNumber, grade },
  ])
  const [first] = demoPeople
  if (first) {
    const { name, idNumber } = first.card
    records.push([EXPIRED_CODE, { name, idNumber, grade: 'green', expired: true }])
  }
  return new Map(records)
}

export const EXPIRED_CODE = `${CODE_PREFIX}expired`
export const STRANGE_CODE = 'https://example.com/not-a-health-code'
