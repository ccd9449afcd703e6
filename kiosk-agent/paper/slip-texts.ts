import type { Language } from '../api/contract.ts'
import type { NextStep, Reason } from '../entry/reasons.ts'

/** A moment of the slip's own day, "10:30", and of any other, "2020-03-02 09:00". A slip's times are the hall's own. */
const timeOf = (iso: string) => iso.slice(11, 16)
const dateAndTimeOf = (iso: string) => iso.slice(0, 16).replace('T', ' ')
const degrees = (tenths: number) => (tenths / 10).toFixed(1)

type ReasonTexts = { readonly [Code in Reason['code']]: (reason: Extract<Reason, { code: Code }>) => string }

export interface SlipTexts {
  readonly simulated: string
  copy(number: number): string
  readonly admitted: string
  readonly refused: string
  readonly assist: string
  readonly name: string
  readonly idNumber: string
  readonly appointment: string
  readonly item: string
  readonly time: string
  readonly place: string
  readonly rules: string
  readonly why: string
  readonly next: string
  readonly slipCode: string
  readonly keepMask: string
  readonly takeCard: string
  readonly screening: string
  readonly phone: string
  readonly reasons: ReasonTexts
  readonly steps: { readonly [Step in NextStep]: string }
}

const zhHans: SlipTexts = {
  simulated: '模拟 · 非正式凭证',
  copy: (number) => `补打 ${number}`,
  admitted: '入厅凭条',
  refused: '未能入厅说明',
  assist: '请到人工服务处',
  name: '姓名',
  idNumber: '证件',
  appointment: '预约时段',
  item: '事项',
  time: '时间',
  place: '地点',
  rules: '规则',
  why: '原因',
  next: '您可以',
  slipCode: '凭条编号',
  keepMask: '厅内请全程佩戴口罩',
  takeCard: '请取走您的证件',
  screening: '体温为筛查结果，不是诊断',
  phone: '咨询电话',
  reasons: {
    'hall-closed': ({ opensAt }) =>
      opensAt ? `大厅现在未开放，${dateAndTimeOf(opensAt)} 开放` : '大厅现在未开放',
    'card-not-readable': () => '证件未能读取',
    'card-expired': () => '证件已过有效期',
    'no-appointment': () => '没有查到今天的预约',
    'too-early': ({ slotStart, slotEnd, admittedFrom }) =>
      `预约时段 ${timeOf(slotStart)}-${timeOf(slotEnd)}，${timeOf(admittedFrom)} 起可入厅`,
    'too-late': ({ slotStart, slotEnd }) => `预约时段 ${timeOf(slotStart)}-${timeOf(slotEnd)} 已过`,
    'appointment-used': () => '该预约已经入厅',
    'appointment-cancelled': () => '该预约已取消',
    'appointments-unavailable': () => '暂时无法查询预约',
    'hall-full': ({ capacity }) => `厅内人数已满（上限 ${capacity} 人）`,
    'health-yellow': () => '健康码不是绿码',
    'health-red': () => '健康码不是绿码',
    'health-owner-mismatch': () => '健康码与证件不是同一人',
    'health-code-rejected': () => '健康码多次未能识别',
    'health-unknown': () => '健康码状态无法确认',
    'health-unavailable': () => '暂时无法核验健康码',
    'no-phone': () => '没有携带手机',
    'temperature-high': ({ tenths, limitTenths }) =>
      `体温 ${degrees(tenths)}℃，须低于 ${degrees(limitTenths)}℃`,
    'temperature-unavailable': () => '暂时无法测量体温',
    'store-unavailable': () => '系统暂时无法登记入厅',
    'gate-unavailable': () => '闸机暂时无法开启',
  },
  steps: {
    'come-back-in-time': '按上述时间再来，预约仍然有效',
    'book-appointment': '在“莞家政务”预约后再来',
    'book-again': '在“莞家政务”重新预约',
    'see-staff': '凭本单向工作人员说明情况',
    'wait-for-a-place': '在门外稍候，有人离开后再试',
    'come-when-open': '开放时间再来',
    'show-own-code': '出示本人的健康码再试',
    'rest-and-measure-again': '到阴凉处休息后再测',
    clinic: '如有不适，请到发热门诊就诊',
  },
}

const zhHant: SlipTexts = {
  simulated: '模擬 · 非正式憑證',
  copy: (number) => `補打 ${number}`,
  admitted: '入廳憑條',
  refused: '未能入廳說明',
  assist: '請到人工服務處',
  name: '姓名',
  idNumber: '證件',
  appointment: '預約時段',
  item: '事項',
  time: '時間',
  place: '地點',
  rules: '規則',
  why: '原因',
  next: '您可以',
  slipCode: '憑條編號',
  keepMask: '廳內請全程佩戴口罩',
  takeCard: '請取回您的證件',
  screening: '體溫為篩查結果，並非診斷',
  phone: '查詢電話',
  reasons: {
    'hall-closed': ({ opensAt }) =>
      opensAt ? `大廳現時未開放，${dateAndTimeOf(opensAt)} 開放` : '大廳現時未開放',
    'card-not-readable': () => '未能讀取證件',
    'card-expired': () => '證件已過有效期',
    'no-appointment': () => '查不到今天的預約',
    'too-early': ({ slotStart, slotEnd, admittedFrom }) =>
      `預約時段 ${timeOf(slotStart)}-${timeOf(slotEnd)}，${timeOf(admittedFrom)} 起可入廳`,
    'too-late': ({ slotStart, slotEnd }) => `預約時段 ${timeOf(slotStart)}-${timeOf(slotEnd)} 已過`,
    'appointment-used': () => '此預約已經入廳',
    'appointment-cancelled': () => '此預約已取消',
    'appointments-unavailable': () => '暫時無法查詢預約',
    'hall-full': ({ capacity }) => `廳內人數已滿（上限 ${capacity} 人）`,
    'health-yellow': () => '健康碼並非綠碼',
    'health-red': () => '健康碼並非綠碼',
    'health-owner-mismatch': () => '健康碼與證件並非同一人',
    'health-code-rejected': () => '健康碼多次未能識別',
    'health-unknown': () => '無法確認健康碼狀態',
    'health-unavailable': () => '暫時無法核驗健康碼',
    'no-phone': () => '沒有攜帶手機',
    'temperature-high': ({ tenths, limitTenths }) =>
      `體溫 ${degrees(tenths)}℃，須低於 ${degrees(limitTenths)}℃`,
    'temperature-unavailable': () => '暫時無法量度體溫',
    'store-unavailable': () => '系統暫時無法登記入廳',
    'gate-unavailable': () => '閘機暫時無法開啟',
  },
  steps: {
    'come-back-in-time': '請按上述時間再來，預約仍然有效',
    'book-appointment': '在「莞家政務」預約後再來',
    'book-again': '在「莞家政務」重新預約',
    'see-staff': '憑此單向職員說明情況',
    'wait-for-a-place': '請在門外稍候，有人離開後再試',
    'come-when-open': '請於開放時間再來',
    'show-own-code': '請出示本人的健康碼再試',
    'rest-and-measure-again': '請到陰涼處休息後再量度',
    clinic: '如有不適，請到發熱門診就診',
  },
}

const en: SlipTexts = {
  simulated: 'SIMULATED - not a real slip',
  copy: (number) => `Copy ${number}`,
  admitted: 'Entry slip',
  refused: 'Why you could not enter',
  assist: 'Please see a member of staff',
  name: 'Name',
  idNumber: 'ID',
  appointment: 'Appointment',
  item: 'Service',
  time: 'Time',
  place: 'Place',
  rules: 'Rules',
  why: 'Reason',
  next: 'What you can do',
  slipCode: 'Slip code',
  keepMask: 'Please keep your mask on inside',
  takeCard: 'Please take your card',
  screening: 'A screening, not a diagnosis',
  phone: 'Help line',
  reasons: {
    'hall-closed': ({ opensAt }) =>
      opensAt ? `The hall is closed now. It opens at ${dateAndTimeOf(opensAt)}` : 'The hall is closed now',
    'card-not-readable': () => 'The card could not be read',
    'card-expired': () => 'The card is no longer valid',
    'no-appointment': () => 'No appointment for today was found',
    'too-early': ({ slotStart, slotEnd, admittedFrom }) =>
      `Your appointment is ${timeOf(slotStart)}-${timeOf(slotEnd)}. You may enter from ${timeOf(admittedFrom)}`,
    'too-late': ({ slotStart, slotEnd }) =>
      `Your appointment ${timeOf(slotStart)}-${timeOf(slotEnd)} is over`,
    'appointment-used': () => 'This appointment has been used to enter',
    'appointment-cancelled': () => 'This appointment was cancelled',
    'appointments-unavailable': () => 'Appointments cannot be looked up right now',
    'hall-full': ({ capacity }) => `The hall is full (${capacity} people)`,
    'health-yellow': () => 'The health code is not green',
    'health-red': () => 'The health code is not green',
    'health-owner-mismatch': () => 'The health code belongs to somebody else',
    'health-code-rejected': () => 'No usable health code after several tries',
    'health-unknown': () => 'The health code could not be judged',
    'health-unavailable': () => 'Health codes cannot be checked right now',
    'no-phone': () => 'No phone to show a health code',
    'temperature-high': ({ tenths, limitTenths }) =>
      `Temperature ${degrees(tenths)} C. It must be below ${degrees(limitTenths)} C`,
    'temperature-unavailable': () => 'Temperature cannot be taken right now',
    'store-unavailable': () => 'The entry could not be registered right now',
    'gate-unavailable': () => 'The gate cannot be opened right now',
  },
  steps: {
    'come-back-in-time': 'Come back at that time. Your appointment stands',
    'book-appointment': 'Book in "莞家政务", then come again',
    'book-again': 'Book again in "莞家政务"',
    'see-staff': 'Show this slip to a member of staff',
    'wait-for-a-place': 'Wait outside and try again when people leave',
    'come-when-open': 'Come during opening hours',
    'show-own-code': 'Try again with your own health code',
    'rest-and-measure-again': 'Rest in the shade, then measure again',
    clinic: 'If you feel unwell, see a fever clinic',
  },
}

export const slipTexts: { readonly [Each in Language]: SlipTexts } = {
  'zh-Hans': zhHans,
  'zh-Hant': zhHant,
  en,
}

/** One reason as a sentence. */
export function reasonText(reason: Reason, texts: SlipTexts): string {
  // The table has one function a code; TypeScript cannot see that code and function belong together.
  const text = texts.reasons[reason.code] as (reason: Reason) => string
  return text(reason)
}
