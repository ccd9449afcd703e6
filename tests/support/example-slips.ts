import type { PrintDocument } from '../../devices/kinds.ts'

interface ExampleSlip {
  readonly language: string
  readonly document: PrintDocument
  /** As they must stand on 80 mm paper; "---" is a rule. */
  readonly lines: readonly string[]
}

interface Words {
  readonly language: string
  readonly hall: string
  readonly title: string
  readonly code: string
  readonly pairs: readonly (readonly [label: string, value: string])[]
  readonly advice: string
  /** The advice as it breaks on 48 columns. */
  readonly adviceLines: readonly string[]
}

const words: readonly Words[] = [
  {
    language: 'simplified Chinese',
    hall: '东莞市民服务中心',
    title: '入场凭条',
    code: 'A7K2',
    pairs: [
      ['姓名', '张*三'],
      ['预约时段', '09:00-10:00'],
      ['事项', '居民身份证补领（丢失、损坏）'],
      ['工本费', '￥40.00'],
    ],
    advice: '请在预约时段内到二楼“综合服务区”办理，过号作废；如需帮助，请联系工作人员。',
    adviceLines: ['请在预约时段内到二楼“综合服务区”办理，过号作', '废；如需帮助，请联系工作人员。'],
  },
  {
    language: 'traditional Chinese',
    hall: '東莞市民服務中心',
    title: '入場憑條',
    code: 'B3M9',
    pairs: [
      ['姓名', '陳*文'],
      ['預約時段', '09:00-10:00'],
      ['事項', '港澳居民居住證申領'],
    ],
    advice: '請於預約時段內到二樓「綜合服務區」辦理。',
    adviceLines: ['請於預約時段內到二樓「綜合服務區」辦理。'],
  },
  {
    language: 'English',
    hall: "Dongguan Citizens' Service Centre",
    title: 'Entry slip',
    code: 'C5T1',
    pairs: [
      ['Name', 'M*** Example'],
      ['Appointment', '09:00-10:00'],
      ['Matter', 'Work permit for foreigners'],
    ],
    advice: 'Please go to the second floor within your time slot. Ask our staff if you need help.',
    adviceLines: ['Please go to the second floor within your time', 'slot. Ask our staff if you need help.'],
  },
]

/** Whole slips with invented persons, as the hall would print them. */
export const exampleSlips: readonly ExampleSlip[] = words.map((slip) => ({
  language: slip.language,
  document: [
    { type: 'text', text: slip.hall, align: 'center' },
    { type: 'text', text: slip.title, align: 'center', size: 2, bold: true },
    { type: 'text', text: ' 模拟 ', align: 'center', inverse: true },
    { type: 'rule' },
    { type: 'text', text: slip.code, align: 'center', size: 3 },
    { type: 'rule' },
    ...slip.pairs.map(([label, value]) => ({ type: 'pair' as const, label, value })),
    { type: 'qr', data: `https://hall.example/s/${slip.code}`, cellDots: 6 },
    { type: 'text', text: slip.advice },
    { type: 'feed', lines: 2 },
  ],
  lines: [
    slip.hall,
    slip.title,
    '模拟',
    '---',
    slip.code,
    '---',
    ...slip.pairs.map(([label, value]) => `${label} ${value}`),
    ...slip.adviceLines,
  ],
}))
