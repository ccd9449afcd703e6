import type { Appointment, ClaimOrder } from '../../../kiosk-agent/hall/hall-store.ts'

const hour = 3_600_000

/** A booked appointment of an invented holder. */
export const appointment = (id: string, changes: Partial<Appointment> = {}): Appointment => ({
  id,
  holder: `holder-of-${id}`,
  start: 9 * hour,
  end: 10 * hour,
  item: { 'zh-Hans': '社保', 'zh-Hant': '社保', en: 'Social insurance' },
  partySize: 1,
  status: 'booked',
  ...changes,
})

export const order = (nonce: string, appointmentId: string, persons = 1): ClaimOrder => ({
  nonce,
  appointmentId,
  persons,
  terminalId: 'east-1',
  at: 1_000,
})
