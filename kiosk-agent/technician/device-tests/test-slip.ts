import { randomInt } from 'node:crypto'
import type { PrintBlock, PrintDocument } from '../../../devices/kinds.ts'
import { isoTime } from '../../entry/hall-time.ts'
import type { TestNeeds } from './procedure.ts'

/** Without letters and digits that look alike. */
const signs = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const testCode = /^HKT-[2-9A-HJ-NP-Z]{6}$/

/** A code that no appointment and no health code looks like. */
export function freshTestCode(): string {
  return `HKT-${Array.from({ length: 6 }, () => signs[randomInt(signs.length)]).join('')}`
}

export function isTestCode(text: string): boolean {
  return testCode.test(text)
}

export interface TestSlipFacts extends Pick<TestNeeds, 'utcOffsetMinutes'> {
  readonly terminal: Pick<TestNeeds['terminal'], 'name' | 'simulated'>
  readonly slipCode: string
  readonly device: string
  /** Id of the technician's account. */
  readonly by: string
  readonly at: number
}

/** A slip in three languages that cannot be taken for anybody's: it shows what the printer makes of each script. */
export function testSlip({
  terminal,
  utcOffsetMinutes,
  slipCode,
  device,
  by,
  at,
}: TestSlipFacts): PrintDocument {
  const { name, simulated } = terminal
  const pair = (label: string, value: string): PrintBlock => ({ type: 'pair', label, value })
  return [
    ...(simulated
      ? [{ type: 'text', text: '模拟 模擬 SIMULATED', inverse: true, align: 'center' } as const]
      : []),
    { type: 'text', text: '测试 測試 Test', size: 2, bold: true, align: 'center' },
    { type: 'rule' },
    pair('终端', name['zh-Hans']),
    pair('終端機', name['zh-Hant']),
    pair('Terminal', name.en),
    pair('设备 裝置 Device', device),
    pair('时间 時間 Time', isoTime(at, utcOffsetMinutes).slice(0, 19).replace('T', ' ')),
    pair('技术员 技術員 Technician', by),
    { type: 'rule' },
    { type: 'text', text: '此条仅用于测试打印机和扫描器。' },
    { type: 'text', text: '此紙條只用於測試打印機及掃描器。' },
    { type: 'text', text: 'This slip only tests printer and scanner.' },
    { type: 'text', text: '左', align: 'left' },
    { type: 'text', text: '中', align: 'center' },
    { type: 'text', text: '右', align: 'right' },
    { type: 'qr', data: slipCode, cellDots: 8 },
    { type: 'text', text: slipCode, size: 2, align: 'center' },
  ]
}
