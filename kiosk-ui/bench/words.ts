import type { Bench, BenchPreset, Language } from '../../kiosk-agent/api/contract.ts'

/** The bench in one language. It is a tool for trying the kiosk, so its words are short. */
export interface BenchWords {
  readonly title: string
  readonly hint: string
  readonly show: string
  readonly hide: string
  readonly stories: string
  readonly presets: { readonly [P in BenchPreset]: string }
  readonly reset: string
  readonly card: string
  readonly takeCard: string
  readonly code: string
  readonly temperature: string
  readonly nobody: string
  readonly gate: string
  readonly walk: string
  pulses(count: number): string
  readonly block: string
  readonly around: string
  readonly standHere: string
  readonly callButton: string
  readonly kioskDoor: string
  readonly lights: { readonly [D in NonNullable<Bench['around']>['lights'][number]['device']]: string }
  readonly lit: string
  readonly dark: string
  readonly fire: string
  readonly printer: string
  readonly paper: { readonly [P in Bench['paper']]: string }
  readonly cover: string
  readonly gateway: string
  readonly gateways: { readonly [G in Bench['gateway']]: string }
  readonly hall: string
  readonly fill: string
  readonly cables: string
  readonly slips: string
  readonly noSlip: string
  readonly scanSlip: string
  readonly older: string
  readonly newer: string
  readonly failed: string
}

const simplified: BenchWords = {
  title: '模拟设备',
  hint: '只在模拟终端上出现',
  show: '打开模拟设备',
  hide: '收起',
  stories: '访客故事',
  presets: {
    admitted: '正常入厅',
    'no-appointment': '没有预约',
    'too-early': '来早了',
    'yellow-code': '黄码',
    fever: '体温 37.3',
    'hall-full': '厅内满员',
    'code-of-another': '他人的码',
    'gateway-down': '健康码断线',
  },
  reset: '全部复原',
  card: '放身份证',
  takeCard: '拿走身份证',
  code: '出示码',
  temperature: '体温 °C',
  nobody: '没有人',
  gate: '闸门',
  walk: '走过去',
  pulses: (count) => `开门脉冲 ${count} 次`,
  block: '站在通道里',
  around: '周围',
  standHere: '有人站在机器前',
  callButton: '按呼叫按钮',
  kioskDoor: '机柜门打开',
  lights: {
    'id-card-reader': '读卡',
    'code-scanner': '扫码',
    thermometer: '测温',
    gate: '闸门',
    'receipt-printer': '小票',
  },
  lit: '灯亮',
  dark: '灯灭',
  fire: '火警',
  printer: '打印机',
  paper: { full: '纸满', low: '纸少', out: '没纸' },
  cover: '盖子打开',
  gateway: '健康码系统',
  gateways: { up: '正常', busy: '繁忙', down: '断线' },
  hall: '大厅',
  fill: '满员',
  cables: '电缆（勾选为接好）',
  slips: '打印出来的小票',
  noSlip: '还没有小票',
  scanSlip: '扫这张小票的码',
  older: '更早的',
  newer: '更新的',
  failed: '没有成功',
}

const traditional: BenchWords = {
  title: '模擬設備',
  hint: '只在模擬終端機出現',
  show: '打開模擬設備',
  hide: '收起',
  stories: '訪客故事',
  presets: {
    admitted: '正常入場',
    'no-appointment': '沒有預約',
    'too-early': '早到',
    'yellow-code': '黃碼',
    fever: '體溫 37.3',
    'hall-full': '大堂滿額',
    'code-of-another': '他人的碼',
    'gateway-down': '健康碼離線',
  },
  reset: '全部還原',
  card: '放身份證',
  takeCard: '拿走身份證',
  code: '出示碼',
  temperature: '體溫 °C',
  nobody: '沒有人',
  gate: '閘門',
  walk: '走過去',
  pulses: (count) => `開閘脈衝 ${count} 次`,
  block: '站在通道內',
  around: '四周',
  standHere: '有人站在機前',
  callButton: '按召喚按鈕',
  kioskDoor: '機櫃門打開',
  lights: {
    'id-card-reader': '讀卡',
    'code-scanner': '掃碼',
    thermometer: '探熱',
    gate: '閘門',
    'receipt-printer': '字條',
  },
  lit: '燈亮',
  dark: '燈滅',
  fire: '火警',
  printer: '打印機',
  paper: { full: '紙滿', low: '紙少', out: '沒紙' },
  cover: '機蓋打開',
  gateway: '健康碼系統',
  gateways: { up: '正常', busy: '繁忙', down: '離線' },
  hall: '大堂',
  fill: '滿額',
  cables: '電線（勾選為接好）',
  slips: '印出的字條',
  noSlip: '尚未有字條',
  scanSlip: '掃描這張字條的碼',
  older: '較早',
  newer: '較新',
  failed: '未能成功',
}

const english: BenchWords = {
  title: 'Simulated devices',
  hint: 'Only on a simulated terminal',
  show: 'Open simulated devices',
  hide: 'Hide',
  stories: 'Visitor stories',
  presets: {
    admitted: 'Admitted',
    'no-appointment': 'No appointment',
    'too-early': 'Too early',
    'yellow-code': 'Yellow code',
    fever: '37.3 °C',
    'hall-full': 'Hall full',
    'code-of-another': 'Wrong person',
    'gateway-down': 'Gateway down',
  },
  reset: 'Put all back',
  card: 'Lay down a card',
  takeCard: 'Take the card',
  code: 'Show a code',
  temperature: 'Temperature °C',
  nobody: 'Nobody',
  gate: 'Gate',
  walk: 'Walk through',
  pulses: (count) => `${count} opening pulses`,
  block: 'Stand in the passage',
  around: 'Around the kiosk',
  standHere: 'Somebody stands here',
  callButton: 'Press the call button',
  kioskDoor: 'Kiosk door open',
  lights: {
    'id-card-reader': 'Card',
    'code-scanner': 'Code',
    thermometer: 'Face',
    gate: 'Gate',
    'receipt-printer': 'Slip',
  },
  lit: 'lit',
  dark: 'dark',
  fire: 'Fire input',
  printer: 'Printer',
  paper: { full: 'Paper full', low: 'Low', out: 'Out' },
  cover: 'Cover open',
  gateway: 'Health gateway',
  gateways: { up: 'Up', busy: 'Busy', down: 'Down' },
  hall: 'Hall',
  fill: 'Full',
  cables: 'Cables (ticked: plugged in)',
  slips: 'Slips as printed',
  noSlip: 'No slip yet',
  scanSlip: 'Scan the code on this slip',
  older: 'Older',
  newer: 'Newer',
  failed: 'That did not work',
}

export const benchWords: { readonly [L in Language]: BenchWords } = {
  'zh-Hans': simplified,
  'zh-Hant': traditional,
  en: english,
}
